namespace Caisson.Vm.Tests;

/// <summary>
/// Debian's newer systemds, which need cgroup version 2, as first processes; the images are as Debian's packages leave them.
/// </summary>
[Collection(typeof(InVm))]
public sealed class SystemdTests(VirtualMachine machine) : VmTest(machine)
{
    const string Unit = "systemd-run -q --wait -P";

    [Fact]
    public void Systemd262_Runs_WithAllServices() => AssertRuns("sid", "systemd 262");

    [Fact]
    [Trait("form", "long")]
    public void Systemd257_Runs_WithAllServices() => AssertRuns("trixie", "systemd 257");

    [Theory]
    [Trait("form", "long")]
    [InlineData("trixie")]
    [InlineData("sid")]
    public void UnitsInSandboxes_AndPeople(string suite)
    {
        Boot(suite, "--restart=always");
        Assert.Equal(
            "denied\nkept\n",
            Inside($"{Unit} -p DynamicUser=yes -p ProtectSystem=strict -p PrivateTmp=yes -p ProtectHome=yes -p StateDirectory=kept "
                + "sh -c \"touch /etc/x 2>/dev/null || echo denied; touch /tmp/x /var/lib/kept/x && ls -d /var/lib/kept | xargs basename\"") + "\n");
        Assert.Equal("lo", Inside($"{Unit} -p PrivateNetwork=yes ip -o link | cut -d: -f2 | tr -d \" \""));
        Assert.Equal("0", Inside($"{Unit} -p PrivateUsers=yes id -u"));
        Assert.Equal("fine", Inside($"{Unit} -p ProtectKernelTunables=yes -p ProtectControlGroups=yes -p ProtectKernelLogs=yes -p PrivateDevices=yes -p ProtectProc=invisible echo fine"));
        Assert.Equal("65536 kB", Inside($"{Unit} -p MemoryMax=64M grep MemTotal /proc/meminfo | grep -o \"[0-9]* kB\""));

        Inside("useradd -m ada && loginctl enable-linger ada");
        Inside("for i in $(seq 100); do systemctl --user -M ada@ is-system-running 2>/dev/null | grep -q running && exit; sleep 0.3; done; exit 1");
        Inside("ssh-keygen -q -N \"\" -t ed25519 -f /root/key && install -D -o ada -m 600 /root/key.pub ~ada/.ssh/authorized_keys");
        Assert.Equal("ada", Inside("ssh -i /root/key -o StrictHostKeyChecking=no ada@localhost id -un 2>/dev/null"));

        // It comes back, as another run of itself.
        string before = Run("docker inspect -f '{{.State.StartedAt}}' machine");
        Inside("systemctl reboot || true");
        Run($"for i in $(seq 200); do now=$(docker inspect -f '{{{{.State.Running}}}} {{{{.State.StartedAt}}}}' machine); [ \"$now\" != 'true {before}' ] && [ \"${{now%% *}}\" = true ] && exit; sleep 0.5; done; exit 1", 150);
        End();
    }

    void AssertRuns(string suite, string version)
    {
        Boot(suite);
        Assert.StartsWith(version, Inside("systemctl --version"), StringComparison.Ordinal);
        Assert.Equal("", Inside("systemctl --failed --no-legend --plain"));
        Inside("systemctl is-active docker ssh dbus systemd-journald systemd-logind systemd-resolved systemd-udevd");
        Assert.Contains("Startup finished", Inside("journalctl -b --no-pager"), StringComparison.Ordinal);
        Inside("docker import /usr/share/caisson/busybox.tar bb");
        Assert.Equal("inside", Inside("docker run --rm bb echo inside"));
        // Not by the time that has run out: by being told.
        Assert.Equal("130", Run("timeout 60 docker stop -t 55 machine >/dev/null; docker inspect -f '{{.State.ExitCode}}' machine", 100));
        End();
    }

    void Boot(string suite, string options = "")
    {
        Run($"systemctl start docker; docker run -d --name machine --runtime=caisson {options} systemd-{suite}");
        Run("docker exec machine sh -c 'for i in $(seq 300); do s=$(systemctl is-system-running 2>/dev/null); [ \"$s\" = running ] && exit; [ \"$s\" = degraded ] && break; sleep 0.3; done; systemctl --failed; exit 1'", 150);
    }

    string Inside(string script) => Run($"docker exec machine sh -c '{script}'", 100);

    void End() => Run("docker rm -f machine");
}
