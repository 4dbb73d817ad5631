using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Lifecycle;

/// <summary>The root directory of a running container, seen from the host. Everything below it is the container's to change.</summary>
sealed class ContainerRoot : IDisposable
{
    readonly Fd _directory;

    ContainerRoot(Fd directory) => _directory = directory;

    public RootedPath Path => new(_directory);

    /// <param name="pid">Its first process.</param>
    /// <param name="process">The pidfd of it: still alive afterwards means that /proc/PID was its own.</param>
    public static ContainerRoot Open(int pid, Fd process)
    {
        Fd directory = OpenAt2.Open($"/proc/{pid}/root", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        if (PidFd.WaitForExit(process, 0))
        {
            directory.Dispose();
            throw new UserError("cannot exec in a stopped container", "start it first");
        }

        return new ContainerRoot(directory);
    }

    public void Dispose() => _directory.Dispose();
}
