using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;

namespace Caisson.Emulation.Syscalls;

public sealed partial class CallHandlers
{
    const uint KindBits = 0xF000;
    const uint PermissionBits = 0xFFF;

    static readonly ulong MayMakeNodes = Capabilities.Mask(["CAP_MKNOD", "CAP_DAC_OVERRIDE"]);

    /// <summary>mknodat(2), and with <paramref name="first"/> 0 mknod(2): its path is that argument.</summary>
    public Answer Mknod(Tracee tracee, int first)
    {
        uint mode = (uint)tracee.Argument(first + 1);
        if ((mode & KindBits) != (uint)FileKind.CharacterDevice
            || HarmlessNodes.Find((uint)tracee.Argument(first + 2)) is not { } device
            || tracee.ReadPath(first) is not { } path || !TrySplit(path, out byte[] parentPath, out byte[] name)
            || CallerPlace.TryOpen(_thread, tracee, MayMakeNodes) is not { } place)
        {
            return Answer.Continue;
        }

        using (place)
        using (Fd? start = first == 0 ? null : OpenStart(tracee))
        using (Fd? parent = place.TryOpen(parentPath, followsLast: true, start))
        {
            // Its right to override permissions holds where the owners are of its user namespace, and ours must reach no further.
            return parent is not null && CallerIds.TryRead(tracee) is { } ids && ids.Owns(Stat.Of(parent)) && tracee.IsStillThere
                ? Make(parent, name, mode & PermissionBits & ~ids.Umask, device, ids)
                : Answer.Continue;
        }
    }

    Answer Make(Fd parent, byte[] name, uint mode, (uint Major, uint Minor) device, CallerIds ids)
    {
        using FsIdentity identity = FsIdentity.Become(ids.Uid, ids.Gid);
        uint before = WorkingDirectory.SetMask(0);
        Errno errno = RawNames.TryMakeNode(parent, name, FileKind.CharacterDevice, mode, device.Major, device.Minor);
        WorkingDirectory.SetMask(before);
        // The last worker was killed after it.
        return errno == Errno.None || (errno == Errno.EEXIST && _memory.Attempts > 1) ? Answer.Success : Answer.Failure(errno);
    }

    // AT_FDCWD and what is no descriptor end in the working directory and in no directory.
    static Fd? OpenStart(Tracee tracee)
    {
        int number = (int)tracee.Argument(0);
        return number < 0 ? null : tracee.Open($"fd/{number}", OpenFlags.O_PATH);
    }

    // Each with its NUL. A path that ends in a slash, or in dots, makes nothing.
    static bool TrySplit(byte[] path, out byte[] parent, out byte[] name)
    {
        int slash = path.AsSpan().LastIndexOf((byte)'/');
        name = path[(slash + 1)..];
        parent = slash < 0 ? ".\0"u8.ToArray() : slash == 0 ? "/\0"u8.ToArray() : [.. path.AsSpan(0, slash), 0];
        return name.Length > 1 && !name.AsSpan().SequenceEqual(".\0"u8) && !name.AsSpan().SequenceEqual("..\0"u8);
    }
}
