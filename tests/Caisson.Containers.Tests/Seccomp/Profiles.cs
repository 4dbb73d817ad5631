using Caisson.Oci;
using Caisson.Tests;

namespace Caisson.Containers.Tests.Seccomp;

/// <summary>
/// Files of tests/testdata/seccomp: what Docker puts into config.json on x86-64 for a container with its default
/// capabilities.
/// </summary>
static class Profiles
{
    public const string Docker20 = "docker-20.10.json";
    public const string Docker28 = "docker-28.json";

    public static byte[] Bytes(string name) => Golden.Read($"seccomp/{name}");

    public static LinuxSeccomp Read(string name) => OciJson.ParseSeccomp(Bytes(name));

    public static LinuxSeccomp Deny(params string[] names) => new()
    {
        DefaultAction = "SCMP_ACT_ALLOW",
        Syscalls = [new LinuxSyscall { Names = names, Action = "SCMP_ACT_ERRNO" }],
    };

    public static void AssertGolden(string name, string text) => Golden.AssertEqual($"seccomp/{name}", text);

    public static string PathOf(string name) => Golden.PathOf($"seccomp/{name}");
}
