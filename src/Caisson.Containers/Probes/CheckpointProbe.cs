using Caisson.Containers.Init;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Probes;

/// <summary>Is there a CRIU?</summary>
static class CheckpointProbe
{
    public static IEnumerable<Finding> Look(Host host)
    {
        string? criu = Executable.Candidates("criu", [$"PATH={Environment.GetEnvironmentVariable("PATH")}"])
            .FirstOrDefault(path => Stat.TryOf(Fd.CurrentDirectory, path, out _) == Errno.None);
        yield return criu is not null
            ? Finding.Ok($"{criu}, for plain containers")
            : Finding.Note("there is no criu in PATH", "`checkpoint` and `restore` of plain containers do not work", "apt-get install criu");
    }
}
