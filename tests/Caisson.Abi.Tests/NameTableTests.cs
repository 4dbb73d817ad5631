using Caisson.Kernel.Devices;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Seccomp;

namespace Caisson.Abi.Tests;

/// <summary>Tables that hold kernel names as text, and values that are written as numbers.</summary>
public sealed class NameTableTests
{
    [Fact]
    public void Capabilities_are_numbered_as_in_the_header() =>
        CCheck.AssertAll(CHeaders.All, [.. Capabilities.All.Select((name, number) => CAssertion.Equal(name, name, number))]);

    [Fact]
    public void Capabilities_are_all_that_the_header_knows() =>
        CCheck.AssertAll(CHeaders.All, [CAssertion.Equal("Capabilities.All", "CAP_LAST_CAP", Capabilities.All.Count - 1)]);

    [Fact]
    public void Signals_are_numbered_as_in_the_header()
    {
        string[] names =
        [
            "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGIOT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
            "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCLD", "SIGCONT", "SIGSTOP",
            "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO",
            "SIGPOLL", "SIGPWR", "SIGSYS",
        ];
        // From glibc: the kernel's header leaves out the two aliases.
        CCheck.AssertAll(["#include <signal.h>\n"], [.. names.Select(name => CAssertion.Equal(name, name, Signals.Parse(name)))]);
    }

    [Fact]
    public void Resource_limits_are_numbered_as_in_the_header()
    {
        string[] names =
        [
            "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC",
            "RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE",
            "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
        ];
        CCheck.AssertAll(CHeaders.All, [
            .. names.Select(name => CAssertion.Equal(name, name, Rlimit.Number(name))),
            CAssertion.Equal("number of names", "RLIM_NLIMITS", names.Length)]);
    }

    [Fact]
    public void Architectures_of_filters_have_the_headers_tokens()
    {
        List<CAssertion> assertions = [];
        foreach (string name in SeccompArchitecture.Names)
        {
            SeccompArchitecture architecture = SeccompArchitecture.Named(name)!;
            // libseccomp knows LoongArch since 2.6; the kernel's header has had it for longer.
            string token = name == "SCMP_ARCH_LOONGARCH64" ? "AUDIT_ARCH_LOONGARCH64" : name;
            assertions.Add(CAssertion.Equal(name, token, architecture.Token));
            assertions.Add(CAssertion.Equal(
                $"{name} in seccomp_data.arch", name == "SCMP_ARCH_X32" ? "AUDIT_ARCH_X86_64" : token, architecture.AuditArchitecture));
        }

        CCheck.AssertAll(CHeaders.All, assertions);
    }

    [Fact]
    public unsafe void Raw_mode_clears_and_sets_what_cfmakeraw_does_but_for_the_output()
    {
        Terminal.termios all = new() { c_iflag = ~0u, c_oflag = ~0u, c_cflag = ~0u, c_lflag = ~0u };
        Terminal.termios raw = Terminal.Raw(all);

        CCheck.AssertAll(CHeaders.All, [
            CAssertion.Equal("c_iflag", "~(unsigned)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON)", raw.c_iflag),
            CAssertion.Equal("c_oflag", "~0u", raw.c_oflag),
            CAssertion.Equal("c_lflag", "~(unsigned)(ECHO | ECHONL | ICANON | ISIG | IEXTEN)", raw.c_lflag),
            CAssertion.Equal("c_cflag", "(~(unsigned)(CSIZE | PARENB)) | CS8", raw.c_cflag),
            CAssertion.Equal("VTIME", "VTIME", 5),
            CAssertion.Equal("VMIN", "VMIN", 6)]);
        Assert.Equal((0, 1), (raw.c_cc[5], raw.c_cc[6]));
    }
}
