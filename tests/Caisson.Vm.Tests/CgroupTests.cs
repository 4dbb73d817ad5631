namespace Caisson.Vm.Tests;

/// <summary>Cgroup version 2 with all its controllers, by both drivers.</summary>
[Collection(typeof(InVm))]
public sealed class CgroupTests(VirtualMachine machine) : VmTest(machine)
{
    const string Limits = """
        .linux.resources += {
            memory: {limit: 100663296, swap: 134217728, reservation: 50331648},
            cpu: {shares: 1024, quota: 30000, period: 100000, burst: 1000, cpus: "0-1", mems: "0"},
            pids: {limit: 77}, blockIO: {weight: 100}, hugepageLimits: [{pageSize: "2MB", limit: 4194304}],
            unified: {"memory.high": "90000000"}}
        """;

    const string Files =
        "cpu.max cpu.weight cpu.max.burst cpuset.cpus cpuset.mems memory.max memory.swap.max memory.low memory.high pids.max io.weight hugetlb.2MB.max";

    [Theory]
    [InlineData("plain", "")]
    [InlineData("plain", "--systemd-cgroup")]
    [InlineData("system", "")]
    [InlineData("system", "--systemd-cgroup")]
    public void Limits_AreTheKernels_AtTheStartAndAfterAnUpdate_AndNothingIsLeft(string level, string driver)
    {
        Run($$"""
            bundle limits '{{Limits}} | .linux.cgroupsPath = "{{PathFor(driver)}}"'
            launch limits --isolation={{level}} {{driver}}
            """);
        Assert.Equal(
            "30000 100000;100;1000;0-1;0;100663296;33554432;50331648;89997312;77;default 910;4194304;",
            Run($"values limits {Files}"));
        Assert.Equal(
            "20000 100000;50331648;16777216;5;0;",
            Run("""
                caisson update --cpu-quota 20000 --memory 50331648 --memory-swap 67108864 --pids-limit 5 --cpuset-cpus 0 limits
                values limits cpu.max memory.max memory.swap.max pids.max cpuset.cpus
                """));
        Assert.Equal(
            "frozen 1\nfrozen 0\npopulated 1",
            Run("caisson pause limits; grep frozen $(directory limits)/cgroup.events; caisson resume limits; grep -E 'frozen|populated' $(directory limits)/cgroup.events | sort"));
        Run("gone limits");
    }

    [Fact]
    public void Systemd_KnowsTheLimits_AndKeepsThemWhenItReadsItsConfigurationAnew()
    {
        Run($"""
            bundle known '{Limits} | .linux.cgroupsPath = "{PathFor("--systemd-cgroup")}"'
            launch known --systemd-cgroup
            """);
        Assert.Equal(
            """
            AllowedCPUs=0-1
            CPUQuotaPerSecUSec=300ms
            CPUWeight=100
            Delegate=yes
            IOWeight=910
            MemoryHigh=90000000
            MemoryLow=50331648
            MemoryMax=100663296
            MemorySwapMax=33554432
            Slice=vmtest.slice
            TasksMax=77
            """.ReplaceLineEndings("\n"),
            Run("systemctl show -p Slice,Delegate,CPUWeight,CPUQuotaPerSecUSec,MemoryMax,MemorySwapMax,MemoryLow,MemoryHigh,TasksMax,AllowedCPUs,IOWeight t-one.scope | sort"));
        Assert.Equal("100663296;30000 100000;77;0-1;", Run("systemctl daemon-reload; values known memory.max cpu.max pids.max cpuset.cpus"));
        Assert.Equal("65536 kB", Run("caisson update --memory 67108864 known; systemctl daemon-reload; caisson exec known grep MemTotal /proc/meminfo | grep -o '[0-9]* kB'"));
        Run("gone known");
    }

    [Fact]
    public void AContainerOfSystemds_RulesItsOwnCgroups_AndExecFindsAWayIn()
    {
        Run("bundle inner '.linux.cgroupsPath = \"\"'; launch inner --systemd-cgroup");
        Assert.Equal("0::/init.scope", Run("caisson exec inner cat /proc/self/cgroup"));
        Assert.Equal(
            "20",
            Run("caisson exec inner sh -c 'mkdir /sys/fs/cgroup/a && echo 20 >/sys/fs/cgroup/a/pids.max && echo $$ >/sys/fs/cgroup/a/cgroup.procs && cat /sys/fs/cgroup/a/pids.max'"));
        Assert.Equal("running", Run("systemctl daemon-reload; caisson state inner | jq -r .status; systemctl is-failed caisson-inner.scope >/dev/null && exit 1; true"));
        Run("gone inner");
    }

    [Fact]
    public void ADeviceThatIsNotAllowed_CannotBeOpened_WhateverSystemdDoes()
    {
        const string look = "caisson exec device sh -c 'mknod /n c 1 3 2>/dev/null; mknod /k c 1 11; for d in /n /k; do head -c1 $d >/dev/null 2>&1 && echo yes || echo no; done; rm /n /k'";
        Run("""
            bundle device '.linux.cgroupsPath = "vmtest.slice:t:device" | .process.capabilities |= map_values(. + ["CAP_MKNOD", "CAP_SYSLOG"])
                | .linux.resources.devices = [{allow: false, access: "rwm"}, {allow: true, type: "c", major: 1, minor: 11, access: "m"}]'
            launch device --isolation=plain --systemd-cgroup
            """);
        Assert.Equal("yes\nno", Run(look));
        Assert.Equal("yes\nno", Run($"systemctl daemon-reload; {look}"));
        Run("gone device");
    }

    [Fact]
    public void WhoFillsItsMemory_IsKilled_AndEventsTellOfIt()
    {
        string events = Run("""
            bundle full '.linux.resources.memory = {limit: 20971520, swap: 20971520} | .process.args = ["sh", "-c", "read go </go; tail /dev/zero"]'
            mkfifo /b/full/rootfs/go
            launch full --isolation=plain --systemd-cgroup
            timeout 60 caisson events full >/tmp/full.events &
            while ! pgrep -f 'caisson events full' >/dev/null; do sleep 0.1; done
            sleep 1
            echo go >/b/full/rootfs/go
            wait
            jq -r .type /tmp/full.events
            """);
        Assert.Contains("oom", events, StringComparison.Ordinal);
        Run("gone full");
    }

    [Fact]
    public void AStartThatFails_LeavesNoUnit()
    {
        CommandResult failed = Machine.Try("bundle bad '.process.args = [\"/no/such/program\"]'; caisson --systemd-cgroup run -b /b/bad bad </dev/null");
        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains("/no/such/program", failed.Errors, StringComparison.Ordinal);
        Assert.Equal("not-found\n0", Run("rm -r /b/bad; systemctl show -p LoadState --value caisson-bad.scope; find /sys/fs/cgroup -name '*bad*' | wc -l"));

        CommandResult refused = Machine.Try("bundle odd '.linux.cgroupsPath = \"a b\"'; caisson --systemd-cgroup run -b /b/odd odd </dev/null");
        Assert.Contains("/linux/cgroupsPath: \"a b\" is not of the form slice:prefix:name", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("", Run("rm -r /b/odd; caisson list -q"));
    }

    [Fact]
    public void AUnitThatAnotherHas_IsRefused_AndTheOtherRunsOn()
    {
        Run("bundle first '.linux.cgroupsPath = \"system.slice:t:taken\"'; launch first --systemd-cgroup");
        CommandResult second = Machine.Try("bundle second '.linux.cgroupsPath = \"system.slice:t:taken\"'; caisson --systemd-cgroup run -b /b/second second </dev/null");
        Assert.Contains("systemd has a unit t-taken.scope already", second.Errors, StringComparison.Ordinal);
        Assert.Equal("running\nfirst", Run("rm -r /b/second; caisson state first | jq -r .status; caisson list -q"));
        Run("gone first");
    }

    static string PathFor(string driver) => driver.Length > 0 ? "vmtest.slice:t:one" : "/vmtest/one";
}
