using System.Text;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Cgroups;

/// <summary>Performs single writes of a plan; keeps the last file open, as device rules are many lines for one file.</summary>
sealed class CgroupWriter(IReadOnlyList<CgroupDirectory> directories) : IDisposable
{
    Fd? _file;
    (string Hierarchy, string File) _open;

    public Errno TryWrite(CgroupWrite write)
    {
        if (write.Rule.HasFlag(FailureRule.RefuseBelowUsage))
        {
            RefuseBelowUsage(write);
        }

        Errno errno = TryOpen(write);
        if (errno == Errno.None)
        {
            errno = FileText.WriteAll(_file!, Encoding.UTF8.GetBytes(write.Value));
        }

        if (errno == Errno.None && write.Rule.HasFlag(FailureRule.ReadBack))
        {
            ReadBack(write);
        }

        return errno;
    }

    /// <summary>The error with the user's words for what the kernel says only by number.</summary>
    public Exception Failure(CgroupWrite write, Errno errno)
    {
        CgroupDirectory directory = Directory(write);
        KernelException cause = new(errno, $"write \"{write.Value}\" to", $"{directory.Path}/{write.File}");
        string controller = write.File.Split('.')[0];
        return errno switch
        {
            Errno.EBUSY when controller == "memory" => new ContainerException(
                $"the memory limit {write.Value} is below what is in use and cannot be freed ({Usage(directory)} bytes)", cause),
            Errno.ENOENT when write.File.Contains("memsw") => new UserError(
                $"{write.File}: the kernel does not account for swap",
                "boot with swapaccount=1, or leave the swap limit out"),
            Errno.ENOENT when directory.IsUnified => new UserError(
                $"{write.File} does not exist in {directory.Path}: the {controller} controller is not enabled there, "
                    + "or this kernel has no such file",
                $"the directory above must list {controller} in cgroup.controllers and in cgroup.subtree_control"),
            Errno.ENOENT => new UserError(
                $"{write.File} does not exist in {directory.Path}: this kernel is built without it", "leave this limit out"),
            _ => cause,
        };
    }

    public void Dispose() => _file?.Dispose();

    Errno TryOpen(CgroupWrite write)
    {
        if (_file is not null && _open == (write.Hierarchy, write.File))
        {
            return Errno.None;
        }

        _file?.Dispose();
        _open = (write.Hierarchy, write.File);
        return OpenAt2.TryOpen(Directory(write).Handle, write.File, OpenFlags.O_WRONLY, ResolveFlags.None, 0, out _file);
    }

    CgroupDirectory Directory(CgroupWrite write)
    {
        foreach (CgroupDirectory one in directories)
        {
            if (one.Hierarchy == write.Hierarchy)
            {
                return one;
            }
        }

        throw new KernelException(Errno.ENOENT, "open", write.File);
    }

    void ReadBack(CgroupWrite write)
    {
        string taken = Directory(write).TryRead(write.File)?.Trim() ?? write.Value;
        if (taken != write.Value)
        {
            string bound = ulong.Parse(taken) < ulong.Parse(write.Value) ? "most" : "least";
            throw new UserError($"{write.File} cannot be {write.Value}", $"the {bound} that the kernel takes is {taken}");
        }
    }

    void RefuseBelowUsage(CgroupWrite write)
    {
        if (ulong.TryParse(Usage(Directory(write)), out ulong usage) && ulong.Parse(write.Value) <= usage)
        {
            throw new UserError(
                $"the memory limit {write.Value} is not above the present use of {usage} bytes",
                "give a higher limit, or leave out checkBeforeUpdate");
        }
    }

    static string Usage(CgroupDirectory directory) =>
        (directory.TryRead("memory.current") ?? directory.TryRead("memory.usage_in_bytes") ?? "").Trim();
}
