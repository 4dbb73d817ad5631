using System.Net.Sockets;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>The spec's seccomp profile holds for the process, for exec, and from the cache.</summary>
public sealed class SeccompTests : RootTest
{
    [Theory, ForEachLevel]
    public void ADeniedCall_FailsWithItsErrno(string level)
    {
        const string script = "chmod 700 /tmp 2>&1; mkdir /tmp/d && echo fine; awk '/^Seccomp:/ {print $2}' /proc/self/status";

        Assert.Equal("chmod: /tmp: Operation not permitted\nfine\n2", Inside(level, script, Deny));
        Assert.Equal("fine\n2", Inside(level, script, config =>
        {
            Deny(config);
            config.Linux()["seccomp"]!["syscalls"]![0]!["names"] = Config.Json((string[])["swapon"]);
        }));
    }

    [Theory, ForEachLevel]
    public void TheProfile_HoldsForExec_WithAndWithoutNewPrivileges(string level)
    {
        foreach (bool none in (bool[])[true, false])
        {
            using Bundle bundle = NewBundle(level, config =>
            {
                Deny(config);
                config.Process()["noNewPrivileges"] = none;
                config.Args("sleep", "1000");
            }).Launch();

            CommandResult result = bundle.Exec("chmod", "700", "/tmp");

            Assert.Equal((1, "chmod: /tmp: Operation not permitted\n"), (result.ExitCode, result.Errors));
        }
    }

    [Fact]
    public void TheSecondContainerOfAProfile_UsesTheCompiledFilter()
    {
        void Change(JsonObject config)
        {
            Deny(config);
            // A number that no other test has, so that the first run compiles.
            config.Linux()["seccomp"]!["syscalls"]![0]!["errnoRet"] = 20 + (Environment.ProcessId % 100);
        }

        HashSet<string> before = Filters();
        Inside("plain", "true", Change);
        string made = Assert.Single(Filters().Except(before));
        DateTime written = File.GetLastWriteTimeUtc(made);

        string said = Inside("plain", "chmod 700 /tmp 2>&1; :", Change);

        Assert.StartsWith("chmod: /tmp: ", said);
        Assert.Equal(made, Assert.Single(Filters().Except(before)));
        Assert.Equal(written, File.GetLastWriteTimeUtc(made));
        File.Delete(made);
    }

    [Theory, ForEachLevel]
    public void DockersProfile_LetsAShellWork(string level)
    {
        JsonNode profile = JsonNode.Parse(File.ReadAllText(SourceTree.PathOf("tests/testdata/seccomp/docker-28.json")))!;
        JsonNode seccomp = profile["linux"]?["seccomp"] ?? profile;

        Assert.Equal("hello\n2", Inside(level, "ls -l / >/dev/null && echo hello; awk '/^Seccomp:/ {print $2}' /proc/self/status", config =>
            config.Linux()["seccomp"] = seccomp.DeepClone()));
    }

    [Fact]
    public void AnUnknownAction_IsAProblemOfTheSpec()
    {
        using Bundle bundle = NewBundle("plain", config =>
        {
            Deny(config);
            config.Linux()["seccomp"]!["defaultAction"] = "SCMP_ACT_NONSENSE";
        });

        Failed(bundle.Run(), "/linux/seccomp/defaultAction");
    }

    [Fact]
    public void TheListenerOfAProfile_GoesToTheAgent_WithTheContainersState()
    {
        using Bundle bundle = NewBundle("plain", config =>
        {
            config.Args("sleep", "1000");
            Deny(config);
        });
        string path = $"{bundle.Directory}/agent";
        bundle.Change(config =>
        {
            JsonObject seccomp = config.Linux()["seccomp"]!.AsObject();
            seccomp["listenerPath"] = path;
            seccomp["listenerMetadata"] = "mine";
            seccomp["syscalls"]![0]!["action"] = "SCMP_ACT_NOTIFY";
            seccomp["syscalls"]![0]!.AsObject().Remove("errnoRet");
        });
        Failed(bundle.Run("-d"), path);

        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        bundle.Launch();
        using Socket connection = listener.Accept();
        byte[] message = new byte[65536];
        JsonNode told = JsonNode.Parse(message.AsSpan(0, connection.Receive(message)))!;
        Assert.Equal(("mine", bundle.Pid, bundle.Id), ((string?)told["metadata"], (int)told["pid"]!, (string?)told["state"]!["id"]));
        Assert.Equal("seccompFd", (string?)told["fds"]![0]);
    }

    static void Deny(JsonObject config) => config.Linux()["seccomp"] = Config.Json(new
    {
        defaultAction = "SCMP_ACT_ALLOW",
        architectures = (string[])["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
        syscalls = (object[])[new { names = (string[])["chmod", "fchmodat", "fchmodat2"], action = "SCMP_ACT_ERRNO", errnoRet = 1 }],
    });

    static HashSet<string> Filters() =>
        Directory.Exists("/run/caisson/seccomp") ? [.. Directory.GetFiles("/run/caisson/seccomp")] : [];
}
