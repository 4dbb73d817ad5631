namespace Caisson.Root.Tests.Docker;

/// <summary>Debian's systemd as the first process, its image as Debian's packages leave it.</summary>
[Collection(typeof(OnBookworm))]
public sealed class SystemdTests(BookwormEngine engine) : EngineTests(engine)
{
    [Fact]
    public void AllServicesRun_AndTheInnerDocker()
    {
        using Outer machine = Boot("services");
        Assert.Equal("", machine.Inside("systemctl --failed --no-legend --plain"));
        machine.Inside("systemctl is-active docker ssh dbus systemd-journald systemd-logind systemd-resolved systemd-udevd systemd-networkd");
        machine.Inside("docker import -c 'CMD [\"true\"]' /usr/share/caisson/busybox.tar bb");
        Assert.Equal("inside", machine.Inside("docker run --rm bb echo inside"));
        // What systemd takes its container for, and that it may rule its own cgroups.
        Assert.Equal("docker", machine.Inside("systemd-detect-virt"));
        Assert.Equal("65536 kB", machine.Inside($"{Unit} -p MemoryMax=64M sh -c 'grep MemTotal /proc/meminfo' | grep -o '[0-9]* kB'"));
    }

    [Fact]
    public void UnitsInSandboxes_Run()
    {
        using Outer machine = Boot("sandboxes");
        Assert.Equal(
            "denied\nnobody else",
            machine.Inside($"{Unit} -p DynamicUser=yes -p ProtectSystem=strict -p PrivateTmp=yes -p ProtectHome=yes -p StateDirectory=kept "
                + "sh -c 'touch /etc/x 2>/dev/null || echo denied; touch /tmp/x /var/lib/kept/x && [ $(id -u) -gt 60000 ] && echo nobody else'"));
        Assert.Equal("lo", machine.Inside($"{Unit} -p PrivateNetwork=yes ip -o link | cut -d: -f2"));
        Assert.Equal("few", machine.Inside($"{Unit} -p PrivateDevices=yes sh -c 'test -c /dev/null && test ! -e /dev/net && echo few'"));
        Assert.Equal(
            "denied\n0",
            machine.Inside($"{Unit} -p ProtectKernelTunables=yes -p ProtectControlGroups=yes -p ProtectKernelLogs=yes -p ProtectKernelModules=yes "
                + "sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; mkdir /sys/fs/cgroup/x 2>/dev/null || echo denied; cat /proc/sys/kernel/panic' 2>/dev/null"));
        Assert.Equal("0", machine.Inside($"{Unit} -p PrivateUsers=yes id -u"));
        Assert.Equal("no uptime", machine.Inside($"{Unit} -p ProtectProc=invisible -p ProcSubset=pid sh -c 'cat /proc/uptime 2>/dev/null || echo no uptime'"));
        Assert.Equal(
            "fine",
            machine.Inside($"{Unit} -p RestrictNamespaces=yes -p NoNewPrivileges=yes -p SystemCallFilter=@system-service -p MemoryDenyWriteExecute=yes "
                + "-p LockPersonality=yes -p ProtectHostname=yes -p ProtectClock=yes echo fine"));
        Assert.Equal("machine", machine.Inside($"{Unit} -p TemporaryFileSystem=/opt -p BindReadOnlyPaths=/etc:/opt/etc sh -c 'test -e /opt/etc/passwd && echo machine'"));
        // systemd takes what covers /proc away file by file before it mounts another; an end of that was once not to be seen.
        machine.Inside($"! timeout 20 {Unit} -p RootDirectory=/ -p MountAPIVFS=yes true; [ $? -ne 124 ]");
    }

    [Fact]
    public void PeopleLogIn_AndHaveManagersOfTheirOwn()
    {
        using Outer machine = Boot("people");
        machine.Inside("useradd -m -s /bin/sh ada && loginctl enable-linger ada");
        Eventually(() => machine.Inside("systemctl --user -M ada@ is-system-running || true") == "running", "her manager runs");
        Assert.Equal("ada", machine.Inside("su - ada -c 'XDG_RUNTIME_DIR=/run/user/$(id -u) systemd-run --user -q --wait -P id -un'"));

        machine.Inside("ssh-keygen -q -N '' -t ed25519 -f /root/key && install -D -o ada -m 600 /root/key.pub ~ada/.ssh/authorized_keys");
        string session = machine.Inside("ssh -i /root/key -o StrictHostKeyChecking=no ada@$(hostname -i) 'loginctl --no-legend; cat /proc/self/cgroup' 2>/dev/null");
        Assert.Contains("ada", session, StringComparison.Ordinal);
        Assert.Contains(".scope", session, StringComparison.Ordinal);
        // A machine in the machine.
        machine.Inside("mkdir /root/bb && tar -xf /usr/share/caisson/busybox.tar -C /root/bb");
        Assert.Equal("1 sh", machine.Inside("systemd-nspawn -q -D /root/bb /bin/sh -c 'echo $$ $(cat /proc/1/comm)' </dev/null").ReplaceLineEndings(""));
    }

    [Fact]
    public void Stop_ShutsEverythingDown_AndTheJournalIsKept()
    {
        using Outer machine = Boot("stopped");
        machine.Inside(
            "printf '[Service]\\nType=oneshot\\nRemainAfterExit=yes\\nExecStart=/bin/true\\nExecStop=/bin/sh -c \"sleep 1; echo stopped >/root/by-systemd\"\\n' "
            + ">/run/systemd/system/mine.service && systemctl daemon-reload && systemctl start mine && echo a-line | systemd-cat -t mine && journalctl --flush --sync");
        machine.Inside("systemd-run -q --on-active=0.1s --timer-property=AccuracySec=1ms touch /root/by-timer");
        Eventually(() => machine.Inside("ls /root/by-timer 2>/dev/null || true") != "", "the timer elapses");

        Engine.Run("stop", "-t", "60", "stopped");
        // halt(8) by the first process of a pid namespace ends it with SIGINT (pid_namespaces(7)), not with Docker's SIGKILL.
        Assert.Equal(130, (int)machine.Status["ExitCode"]!);
        Engine.Run("start", "stopped");
        AwaitRunning(machine);
        Assert.Equal("stopped", machine.Inside("cat /root/by-systemd"));
        Assert.Contains("a-line", machine.Inside("journalctl -b -1 -t mine -o cat"), StringComparison.Ordinal);
    }

    [Fact]
    public void Reboot_StartsItAgain()
    {
        using Outer machine = Boot("rebooted", "--restart", "on-failure");
        string boot = machine.Inside("cat /run/booted");
        machine.Inside("reboot");
        Eventually(() => Engine.Try("exec", "rebooted", "test", "-e", "/run/booted").ExitCode == 1, "it has another /run");
        AwaitRunning(machine);
        Assert.Equal(1, (int)Engine.Inspect("rebooted")["RestartCount"]!);
        Assert.Equal("once", boot);
    }

    const string Unit = "systemd-run -q --wait -P";

    Outer Boot(string name, params string[] options)
    {
        var machine = new Outer(Engine, name);
        try
        {
            machine.StartOnly(Engine.Systemd(), [], options);
            AwaitRunning(machine);
            machine.Inside("echo once >/run/booted");
            return machine;
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    void AwaitRunning(Outer machine)
    {
        string state = "";
        Eventually(
            () => (state = Engine.Try("exec", machine.Name, "systemctl", "is-system-running", "--wait").Output.Trim()) is "running" or "degraded",
            "systemd has started everything");
        Assert.True(state == "running", machine.Inside("systemctl --failed --no-pager"));
    }
}
