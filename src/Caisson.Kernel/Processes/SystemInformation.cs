using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>struct sysinfo of linux/sysinfo.h, of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct sysinfo
{
    public long uptime;
    public fixed ulong loads[3];
    public ulong totalram;
    public ulong freeram;
    public ulong sharedram;
    public ulong bufferram;
    public ulong totalswap;
    public ulong freeswap;
    public ushort procs;
    readonly ushort __pad;
    public ulong totalhigh;
    public ulong freehigh;
    public uint mem_unit;
    readonly uint __padding;
}

/// <summary>sysinfo(2).</summary>
public static unsafe partial class SystemInformation
{
    public static sysinfo Read()
    {
        sysinfo result = default;
        return sysinfo_call(&result) == 0 ? result : throw KernelException.Last("sysinfo");
    }

    [LibraryImport("libc", EntryPoint = "sysinfo", SetLastError = true)]
    private static partial int sysinfo_call(sysinfo* result);
}
