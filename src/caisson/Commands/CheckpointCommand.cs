using Caisson.Containers;
using Caisson.Containers.Checkpoint;
using Caisson.Containers.Lifecycle;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Cli.Commands;

/// <summary><c>checkpoint</c></summary>
static class CheckpointCommand
{
    public static Command Command { get; } = new(
        "checkpoint", "CONTAINER", "write an image of a plain container's processes, with CRIU",
        [
            .. CheckpointFlags.Shared,
            new("parent-path", '\0', "DIR", "an earlier image to add to, relative to --image-path"),
            new("leave-running", '\0', null, "let the processes go on"),
            new("tcp-skip-in-flight", '\0', null, "leave out TCP connections that are being made"),
            new("link-remap", '\0', null, "link removed files that are open into their directories again"),
            new("status-fd", '\0', "N", "descriptor that gets a zero byte when lazy pages are served"),
            new("page-server", '\0', "ADDRESS:PORT", "server that takes the memory, or that serves lazy pages"),
            new("pre-dump", '\0', null, "write the memory alone, and let the processes go on"),
        ],
        Run);

    static int Run(Invocation invocation)
    {
        CheckpointRequest request = CheckpointFlags.Read(invocation);
        RequireParent(request);
        using Container container = invocation.OpenContainer();
        container.Checkpoint(request, invocation.Log.Warn);
        if (!request.LeaveRunning && !request.PreDump)
        {
            container.Delete(invocation.Places, force: true, invocation.Log.Warn);
        }

        return 0;
    }

    static void RequireParent(CheckpointRequest request)
    {
        if (request.ParentPath is not { } parent)
        {
            return;
        }

        if (Path.IsPathRooted(parent))
        {
            throw new UserError("--parent-path must be relative", "give it as it is seen from --image-path, such as ../before");
        }

        // An image's directory that is yet to be made has no link on the way.
        bool isThere = Stat.TryOf(Fd.CurrentDirectory, request.ImagePath, out _) == Errno.None;
        string path = isThere ? Path.Combine(request.ImagePath, parent) : Path.GetFullPath(parent, request.ImagePath);
        Errno errno = Stat.TryOf(Fd.CurrentDirectory, path, out statx found);
        errno = errno == Errno.None && !found.IsDirectory ? Errno.ENOTDIR : errno;
        if (errno != Errno.None)
        {
            throw new UserError($"invalid --parent-path: '{path}': {errno.Describe()}", "name the directory of an earlier image, relative to --image-path");
        }
    }
}
