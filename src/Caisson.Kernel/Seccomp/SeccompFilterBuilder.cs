using System.Runtime.InteropServices;
using Caisson.Kernel.Files;

namespace Caisson.Kernel.Seccomp;

/// <summary>A filter in the making: libseccomp's scmp_filter_ctx, which has the native architecture from birth.</summary>
public sealed unsafe partial class SeccompFilterBuilder : IDisposable
{
    const int SEEK_SET = 0;
    const uint MFD_CLOEXEC = 1;

    // SAFETY: zero after Dispose, and every use goes through Context, which refuses zero.
    nint _context;

    public SeccompFilterBuilder(uint defaultAction)
    {
        _context = Libseccomp.seccomp_init(defaultAction);
        if (_context == 0)
        {
            throw new KernelException(Errno.EINVAL, "seccomp_init", $"0x{defaultAction:x8}");
        }

        // The init program decides about no_new_privs, and long before the filter is loaded.
        Check(Libseccomp.seccomp_attr_set(Context, Libseccomp.SCMP_FLTATR_CTL_NNP, 0), "seccomp_attr_set", "CTL_NNP");
    }

    nint Context => _context != 0 ? _context : throw new ObjectDisposedException(nameof(SeccompFilterBuilder));

    /// <summary>Rules added before and after hold for it too; adding one twice does nothing.</summary>
    public void AddArchitecture(SeccompArchitecture architecture)
    {
        int result = Libseccomp.seccomp_arch_add(Context, architecture.Token);
        if (result != -(int)Errno.EEXIST)
        {
            Check(result, "seccomp_arch_add", architecture.Name);
        }
    }

    /// <summary>
    /// Sorts the calls into a binary tree, which makes the filter faster. libseccomp up to 2.5.4 gets the tree of a filter
    /// without rules wrong: only for large ones.
    /// </summary>
    public void SearchInTree() =>
        Check(Libseccomp.seccomp_attr_set(Context, Libseccomp.SCMP_FLTATR_CTL_OPTIMIZE, 2), "seccomp_attr_set", "CTL_OPTIMIZE");

    /// <summary>A rule for a call of any architecture: the native number or libseccomp's pseudo number; all conditions must hold.</summary>
    public void AddRule(uint action, int number, ReadOnlySpan<scmp_arg_cmp> conditions, string name)
    {
        fixed (scmp_arg_cmp* first = conditions)
        {
            int result = Libseccomp.seccomp_rule_add_array(Context, action, number, (uint)conditions.Length, first);
            Check(result, "seccomp_rule_add", name);
        }
    }

    /// <summary>The program: an array of struct sock_filter.</summary>
    public byte[] Export()
    {
        int number = memfd_create("caisson-seccomp", MFD_CLOEXEC);
        using Fd file = number >= 0 ? new Fd(number) : throw KernelException.Last("memfd_create");
        Check(Libseccomp.seccomp_export_bpf(Context, file), "seccomp_export_bpf", null);
        if (lseek(file, 0, SEEK_SET) != 0)
        {
            throw KernelException.Last("lseek", "memfd");
        }

        return FileText.ReadBytes(file, "memfd");
    }

    public void Dispose()
    {
        if (_context != 0)
        {
            Libseccomp.seccomp_release(_context);
            _context = 0;
        }

        GC.SuppressFinalize(this);
    }

    ~SeccompFilterBuilder() => Dispose();

    // libseccomp returns negative errno values and leaves errno alone.
    static void Check(int result, string call, string? subject)
    {
        if (result < 0)
        {
            throw new KernelException((Errno)(-result), call, subject);
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long lseek(Fd file, long offset, int origin);
}
