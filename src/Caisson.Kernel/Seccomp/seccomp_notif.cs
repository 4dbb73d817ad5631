using System.Runtime.InteropServices;

namespace Caisson.Kernel.Seccomp;

/// <summary>struct seccomp_data of linux/seccomp.h: a system call as its caller made it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct seccomp_data
{
    public int nr;
    public uint arch;
    public ulong instruction_pointer;
    public ulong arg0;
    public ulong arg1;
    public ulong arg2;
    public ulong arg3;
    public ulong arg4;
    public ulong arg5;

    public readonly ulong Argument(int index) => index switch
    {
        0 => arg0,
        1 => arg1,
        2 => arg2,
        3 => arg3,
        4 => arg4,
        _ => arg5,
    };
}

/// <summary>struct seccomp_notif of linux/seccomp.h: a call that waits for our answer.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct seccomp_notif
{
    public ulong id;
    public uint pid;
    public uint flags;
    public seccomp_data data;
}

/// <summary>struct seccomp_notif_resp of linux/seccomp.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct seccomp_notif_resp
{
    public ulong id;
    public long val;
    public int error;
    public uint flags;
}
