using System.Diagnostics;
using Caisson.Containers.Cgroups;
using Caisson.Kernel;
using Caisson.Kernel.Devices;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Containers.Tests.Cgroups;

/// <summary>Device access asked of the real kernel: may a process in the cgroup read /dev/zero (1:5) and write /dev/null (1:3)?</summary>
public sealed class CgroupDeviceTests
{
    static readonly LinuxDeviceCgroup DenyAll = new() { Allow = false, Access = "rwm" };

    const string Attempts =
        """
        while read go; do
          (: </dev/zero) 2>/dev/null && zero=yes || zero=no
          (: >/dev/null) && null=yes || null=no
          echo $zero $null
        done
        """;

    [Fact]
    public void Apply_Version1_AllowsWhatTheRulesSay_AndAnUpdateTouchesOnlyTheRest()
    {
        using OwnCgroup own = new();
        own.RequireVersion1("devices");
        Process shell = own.Start(Attempts);
        Assert.Equal("yes yes", Attempt(shell));
        own.Cgroup.Apply(new LinuxResources(), DeviceAccess.Plan([DenyAll, Null], []));
        Assert.Equal("c 1:3 rwm", own.Read("devices", "devices.list"));
        Assert.Equal("no yes", Attempt(shell));
        own.Cgroup.Apply(new LinuxResources(), DeviceAccess.Plan([DenyAll], DeviceDefaults.All));
        Assert.Equal("yes yes", Attempt(shell));
        own.Cgroup.Apply(new LinuxResources(), DeviceAccess.Plan([new LinuxDeviceCgroup { Allow = true, Access = "rwm" }], []));
        Assert.Equal("a *:* rwm", own.Read("devices", "devices.list"));
    }

    [Fact]
    public void TryInstall_Version2_TheKernelAsksTheProgram_AndAReplacementIsTheOnlyOne()
    {
        using OwnCgroup own = new();
        using Fd directory = OpenAt2.Open(own.RequireVersion2(), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        Process shell = own.Start(Attempts);
        Assert.Equal("yes yes", Attempt(shell));

        Install([DenyAll, Null], 1);
        Assert.Equal("no yes", Attempt(shell));
        Install([DenyAll, Null, Zero("r")], 1);
        Assert.Equal("yes yes", Attempt(shell));
        // Not the right that is asked for.
        Install([DenyAll, Null, Zero("wm")], 1);
        Assert.Equal("no yes", Attempt(shell));
        Install([new LinuxDeviceCgroup { Allow = true, Access = "rwm" }, Zero("r") with { Allow = false }], 1);
        Assert.Equal("no yes", Attempt(shell));
        Install([new LinuxDeviceCgroup { Allow = true, Access = "rwm" }], 1);
        Assert.Equal("yes yes", Attempt(shell));

        void Install(LinuxDeviceCgroup[] rules, int programs)
        {
            Assert.Equal(Errno.None, DeviceFilter.TryInstall(directory, DeviceAccess.Plan(rules, [])));
            Assert.Equal(Errno.None, Bpf.TryQuery(directory, out uint[] ids));
            Assert.Equal(programs, ids.Length);
        }
    }

    [Fact]
    public void TryInstall_Version2_ReplacesSeveralFiltersWithOne()
    {
        using OwnCgroup own = new();
        using Fd directory = OpenAt2.Open(own.RequireVersion2(), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        foreach (string rights in (string[])["r", "w"])
        {
            BpfProgram program = DeviceFilter.Plan(DeviceAccess.Plan([DenyAll, Zero(rights)], []));
            Assert.Equal(Errno.None, Bpf.TryLoadDeviceFilter(program, out Fd? loaded));
            using (loaded)
            {
                Assert.Equal(Errno.None, Bpf.TryAttach(directory, loaded!, null));
            }
        }

        Assert.Equal(Errno.None, DeviceFilter.TryInstall(directory, DeviceAccess.Plan([DenyAll, Null], [])));
        Assert.Equal(Errno.None, Bpf.TryQuery(directory, out uint[] ids));
        Assert.Single(ids);
    }

    static LinuxDeviceCgroup Null => new() { Allow = true, Type = "c", Major = 1, Minor = 3, Access = "rwm" };

    static LinuxDeviceCgroup Zero(string access) => new() { Allow = true, Type = "c", Major = 1, Minor = 5, Access = access };

    static string Attempt(Process shell)
    {
        shell.StandardInput.WriteLine("go");
        shell.StandardInput.Flush();
        return OwnCgroup.Line(shell);
    }
}
