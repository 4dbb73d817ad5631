using System.Runtime.InteropServices;

namespace Caisson.Kernel.Seccomp;

/// <summary>
/// The calls of libseccomp that compiling a profile takes; nothing is ever loaded through it, so that its process-wide state
/// (the API level, the listener) does not matter here. The oldest version in use is 2.5.4, of Debian 12: what is
/// younger, such as seccomp_export_bpf_mem, would not link.
/// </summary>
public static unsafe partial class Libseccomp
{
    /// <summary>__NR_SCMP_ERROR: no architecture has a call of that name. Other negative numbers are calls that only some have.</summary>
    public const int UnknownSyscall = -1;

    internal const int SCMP_FLTATR_CTL_NNP = 3;
    internal const int SCMP_FLTATR_CTL_OPTIMIZE = 8;

    /// <summary>The library's version, as <c>caisson features</c> prints it.</summary>
    public static Version LibraryVersion()
    {
        // SAFETY: seccomp_version returns the address of a static struct of three unsigned ints.
        uint* version = seccomp_version();
        return new Version((int)version[0], (int)version[1], (int)version[2]);
    }

    /// <summary>What library and running kernel can do together; the levels are in seccomp.h.</summary>
    public static uint ApiLevel() => seccomp_api_get();

    public static uint NativeArchitecture() => seccomp_arch_native();

    /// <summary>The native number of a call, <see cref="UnknownSyscall"/>, or a pseudo number that only libseccomp understands.</summary>
    public static int ResolveName(string name) => seccomp_syscall_resolve_name(name);

    /// <inheritdoc cref="ResolveName(string)"/>
    public static int ResolveName(string name, SeccompArchitecture architecture) =>
        seccomp_syscall_resolve_name_arch(architecture.Token, name);

    [LibraryImport("libseccomp")]
    internal static partial nint seccomp_init(uint defaultAction);

    [LibraryImport("libseccomp")]
    internal static partial void seccomp_release(nint context);

    [LibraryImport("libseccomp")]
    internal static partial int seccomp_attr_set(nint context, int attribute, uint value);

    [LibraryImport("libseccomp")]
    internal static partial int seccomp_arch_add(nint context, uint token);

    [LibraryImport("libseccomp")]
    internal static partial int seccomp_rule_add_array(
        nint context, uint action, int number, uint count, scmp_arg_cmp* conditions);

    [LibraryImport("libseccomp")]
    internal static partial int seccomp_export_bpf(nint context, Fd file);

    [LibraryImport("libseccomp")]
    private static partial uint* seccomp_version();

    [LibraryImport("libseccomp")]
    private static partial uint seccomp_api_get();

    [LibraryImport("libseccomp")]
    private static partial uint seccomp_arch_native();

    [LibraryImport("libseccomp", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int seccomp_syscall_resolve_name(string name);

    [LibraryImport("libseccomp", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int seccomp_syscall_resolve_name_arch(uint token, string name);
}
