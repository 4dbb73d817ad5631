using System.Runtime.CompilerServices;
using Caisson.Oci;

namespace Caisson.Containers.Tests.Seccomp;

/// <summary>
/// Files of tests/testdata/seccomp: what Docker puts into config.json on x86-64 for a container with its default
/// capabilities. With CAISSON_ACCEPT=1 golden files are written anew.
/// </summary>
static class Profiles
{
    public const string Docker20 = "docker-20.10.json";
    public const string Docker28 = "docker-28.json";

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static LinuxSeccomp Read(string name) => OciJson.ParseSeccomp(Bytes(name));

    public static LinuxSeccomp Deny(params string[] names) => new()
    {
        DefaultAction = "SCMP_ACT_ALLOW",
        Syscalls = [new LinuxSyscall { Names = names, Action = "SCMP_ACT_ERRNO" }],
    };

    public static void AssertGolden(string name, string text)
    {
        if (Environment.GetEnvironmentVariable("CAISSON_ACCEPT") == "1")
        {
            File.WriteAllText(PathOf(name), text);
        }

        Assert.Equal(File.ReadAllText(PathOf(name)), text);
    }

    public static string PathOf(string name, [CallerFilePath] string self = "") =>
        Path.Combine(Path.GetDirectoryName(self)!, "..", "..", "testdata", "seccomp", name);
}
