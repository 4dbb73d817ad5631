using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Engines;

/// <summary>Podman as root, with conmon: what its users do with a container, at both levels.</summary>
public abstract class PodmanTests
{
    readonly PodmanEngine _podman;

    protected PodmanTests(PodmanEngine podman)
    {
        if (Environment.UserName != "root")
        {
            Assert.Skip("needs root: Podman runs as root");
        }

        _podman = podman;
    }

    [Fact]
    public void APlainContainersCheckpoint_IsRestored_OnItsNetwork()
    {
        Succeeded("run", "-d", "--name", "counter", "bb", "sh", "-c", "i=0; while :; do i=$((i+1)); echo $i; sleep 0.05; done");
        try
        {
            RootTest.Eventually(() => Last() > 3, "the process prints");
            Succeeded("container", "checkpoint", "counter");
            Assert.Equal("exited", Succeeded("inspect", "-f", "{{.State.Status}}", "counter"));
            int before = Last();

            Succeeded("container", "restore", "counter");

            RootTest.Eventually(() => Last() > before, "the restored process prints on");
            Assert.Contains("inet 10.88.", Succeeded("exec", "counter", "ip", "address", "show", "dev", "eth0"), StringComparison.Ordinal);
        }
        finally
        {
            _podman.WithCriu("rm", "-f", "-t", "0", "counter");
        }

        int Last() => int.TryParse(Succeeded("logs", "--tail", "1", "counter"), out int number) ? number : 0;

        string Succeeded(params string[] arguments)
        {
            CommandResult result = _podman.WithCriu(arguments);
            Assert.True(result.ExitCode == 0, $"podman {string.Join(' ', arguments)}: exit code {result.ExitCode}: {result.Errors}{result.Output}");
            return result.Output.Trim();
        }
    }

    [Fact]
    public void AContainer_LivesItsLife()
    {
        Run("run", "-d", "--name", "one", "bb");
        Assert.Matches("^0 +[1-9][0-9]+ +65536$", Run("exec", "one", "cat", "/proc/self/uid_map"));
        Assert.Equal("5:6 x /tmp", Run("exec", "-u", "5:6", "-w", "/tmp", "-e", "V=x", "one", "sh", "-c", "echo $(id -u):$(id -g) $V $PWD"));
        Assert.Equal(7, _podman.Try("exec", "one", "sh", "-c", "exit 7").ExitCode);
        Assert.Contains("17 93", _podman.AtTerminal("exec", "-it", "one", "stty", "size").Output, StringComparison.Ordinal);
        Assert.Contains("sleep 1000", Run("top", "one"), StringComparison.Ordinal);
        Assert.Equal("one 1", Run("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}}", "one"));

        Run("exec", "-d", "one", "touch", "/made");
        Run("pause", "one");
        Assert.Equal("paused", Run("inspect", "-f", "{{.State.Status}}", "one"));
        Run("unpause", "one");
        Run("commit", "-q", "one", "made");
        Assert.Equal("/made", Run("run", "--rm", "made", "ls", "/made"));

        Run("restart", "-t", "0", "one");
        Assert.Equal("running", Run("inspect", "-f", "{{.State.Status}}", "one"));
        Run("stop", "-t", "0", "one");
        Assert.Equal("137", Run("inspect", "-f", "{{.State.ExitCode}}", "one"));
        Run("rm", "one");
        Run("rmi", "made");
    }

    [Fact]
    public void Options_HoldInside()
    {
        Assert.Equal("65536 kB", Run("run", "--rm", "-m", "64m", "bb", "sh", "-c", "grep MemTotal /proc/meminfo | grep -o '[0-9]* kB'"));
        Assert.Equal("podman-init", Run("run", "--rm", "--init", "bb", "cat", "/proc/1/comm").Replace("catatonit", "podman-init", StringComparison.Ordinal));
        Assert.Equal("fine", Run("run", "--rm", "--read-only", "bb", "sh", "-c", "touch /x 2>/dev/null || { touch /tmp/y && echo fine; }"));
        Directory.CreateDirectory($"{_podman.Scratch}/volume");
        Assert.Equal("0", Run("run", "--rm", "-v", $"{_podman.Scratch}/volume:/v", "bb", "sh", "-c", "echo x >/v/f; stat -c %u /v/f"));
        Assert.Equal("x\n", File.ReadAllText($"{_podman.Scratch}/volume/f"));
        // Podman maps the layers itself, and takes them away again before the runtime comes.
        Assert.Equal("0 100000 5000 0", Run("run", "--rm", "--uidmap", "0:100000:5000", "bb", "sh", "-c", "echo $(cat /proc/self/uid_map) $(stat -c %u /bin)"));
        Assert.Equal(3, _podman.Try("run", "--rm", "bb", "sh", "-c", "exit 3").ExitCode);
    }

    [Fact]
    public void APod_SharesItsNetworkAndItsName()
    {
        Run("pod", "create", "--name", "pod");
        Run("run", "-d", "--pod", "pod", "--name", "server", "bb", "httpd", "-f", "-p", "8080", "-h", "/etc");
        string inside = Run("run", "--rm", "--pod", "pod", "bb", "sh", "-c", "wget -q -O - http://localhost:8080/passwd | head -n 1 | cut -d: -f1; hostname");
        Assert.Equal("root\npod", inside);
        Assert.Equal(Run("exec", "server", "cat", "/proc/self/uid_map"), Run("run", "--rm", "--pod", "pod", "bb", "cat", "/proc/self/uid_map"));
        // On version 1 Podman 5 removes a pod and complains about its cgroup, whatever the runtime.
        _podman.Try("pod", "rm", "-f", "-t", "0", "pod");
        Assert.Equal("", Run("ps", "-aq"));
    }

    [Fact]
    public void AHealthcheck_IsHealthyOnceItIs()
    {
        Run("run", "-d", "--name", "health", "--health-cmd", "test -e /ok", "--health-interval", "disable", "bb");
        Assert.Equal(1, _podman.Try("healthcheck", "run", "health").ExitCode);
        Run("exec", "health", "touch", "/ok");
        Run("healthcheck", "run", "health");
        Run("rm", "-f", "-t", "0", "health");
    }

    [Fact]
    public void ABuild_RunsItsStepsInTheRuntime()
    {
        Directory.CreateDirectory($"{_podman.Scratch}/build");
        File.WriteAllText($"{_podman.Scratch}/build/Containerfile", "FROM bb\nRUN echo built >/built && id -u >>/built\n");
        foreach (string runtime in (string[])[Host.Caisson, _podman.Plain])
        {
            CommandResult built = _podman.With(runtime, "build", "-q", "--no-cache", "--isolation", "oci", "--network", "none", "-t", "built", $"{_podman.Scratch}/build");
            Assert.True(built.ExitCode == 0, built.Errors);
            Assert.Equal("built\n0", Run("run", "--rm", "built", "cat", "/built"));
            Run("rmi", "built");
        }
    }

    [Fact]
    public void APlainContainer_IsLikeRuncs()
    {
        Assert.Equal("0000000000000000", Plain("--cap-drop", "all", "bb", "sh", "-c", "awk '/CapEff/ {print $2}' /proc/self/status"));
        Assert.Equal("0 0 4294967295", Plain("bb", "sh", "-c", "echo $(cat /proc/self/uid_map)"));
        Assert.Equal("host", Plain("--pid", "host", "bb", "sh", "-c", "[ $$ != 1 ] && echo host"));
        Assert.Equal("0 100000 5000", Plain("--uidmap", "0:100000:5000", "bb", "sh", "-c", "echo $(cat /proc/self/uid_map)"));

        string Plain(params string[] arguments)
        {
            CommandResult result = _podman.With(_podman.Plain, ["run", "--rm", .. arguments]);
            Assert.True(result.ExitCode == 0, $"{string.Join(' ', arguments)}: {result.Errors}{result.Output}");
            return result.Output.Trim();
        }
    }

    [Fact]
    public void WhatCannotBe_IsTold()
    {
        Assert.Contains("executable file not found", Fails(127, "bb", "nonexistent"), StringComparison.Ordinal);
        Assert.Contains("a system container cannot share the host's network namespace", Fails(126, "--network", "host", "bb"), StringComparison.Ordinal);
        Assert.Contains("cannot have the host's id 0", Fails(126, "--uidmap", "0:0:1000", "bb"), StringComparison.Ordinal);
        Assert.Equal("", Run("ps", "-aq"));

        string Fails(int code, params string[] arguments)
        {
            CommandResult result = _podman.Try(["run", "--rm", .. arguments]);
            Assert.True(result.ExitCode == code, $"{result.ExitCode}: {result.Errors}");
            return result.Errors;
        }
    }

    string Run(params string[] arguments) => _podman.Run(arguments);
}

public sealed class PodmanOfBookwormTests(PodmanOfBookworm podman) : PodmanTests(podman), IClassFixture<PodmanOfBookworm>;

public sealed class PodmanOfSidTests(PodmanOfSid podman) : PodmanTests(podman), IClassFixture<PodmanOfSid>;
