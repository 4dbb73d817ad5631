using Caisson.Containers.Levels;
using Caisson.Oci;
using Caisson.Tests;

namespace Caisson.Containers.Tests.Levels;

public sealed class SystemLevelTests
{
    [Theory]
    [InlineData("network")]
    [InlineData("pid")]
    [InlineData("ipc")]
    public void A_namespace_of_the_hosts_is_refused_by_name_with_a_remedy(string type)
    {
        Spec spec = Docker();
        Spec shared = spec with { Linux = spec.Linux! with { Namespaces = [.. spec.Linux!.Namespaces!.Where(entry => entry.Type != type)] } };
        UserError refusal = Assert.Throws<UserError>(() => SystemLevel.Plan(shared, joinsUserNamespace: false, bootTime: 1000));
        Assert.Equal($"a system container cannot share the host's {type} namespace", refusal.Message);
        Assert.Contains("--isolation=plain", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void User_cgroup_and_time_namespaces_are_added()
    {
        string[] types = [.. SystemLevel.Plan(Docker(), joinsUserNamespace: false, bootTime: 1000).Linux!.Namespaces!.Select(entry => entry.Type)];
        Assert.Equal(["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"], types.Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_joined_user_namespace_is_not_made_anew(bool isAskedFor)
    {
        Spec spec = Docker();
        LinuxNamespace[] asked = isAskedFor ? [new LinuxNamespace { Type = "user" }] : [];
        Spec given = spec with { Linux = spec.Linux! with { Namespaces = [.. spec.Linux!.Namespaces!, .. asked] } };
        Assert.DoesNotContain(SystemLevel.Plan(given, joinsUserNamespace: true, bootTime: 1000).Linux!.Namespaces!, entry => entry.Type == "user");
    }

    [Fact]
    public void Root_has_all_capabilities_and_another_user_may_only_gain_them()
    {
        LinuxCapabilities root = SystemLevel.Plan(new ProcessSpec()).Capabilities!;
        LinuxCapabilities other = SystemLevel.Plan(new ProcessSpec { User = new User { Uid = 1000 } }).Capabilities!;
        Assert.Contains("CAP_SYS_ADMIN", root.Effective!);
        Assert.Empty(root.Inheritable!);
        Assert.Empty(other.Effective!);
        Assert.Equal(root.Bounding, other.Bounding);
    }

    [Fact]
    public void Proc_sys_and_cgroups_are_writable_and_other_mounts_stay_as_they_are()
    {
        Spec planned = SystemLevel.Plan(Docker(), joinsUserNamespace: false, bootTime: 1000);
        Assert.All(planned.Mounts!.Where(mount => mount.Type is "sysfs" or "cgroup" or "proc"), mount => Assert.DoesNotContain("ro", mount.Options!));
        Assert.DoesNotContain("/proc/sys", planned.Linux!.ReadonlyPaths!);
        Assert.Contains("/proc/sysrq-trigger", planned.Linux!.ReadonlyPaths!);
    }

    [Fact]
    public void The_clock_since_boot_begins_with_the_container_unless_the_spec_says_otherwise()
    {
        Spec own = Docker() with { Linux = Docker().Linux! with { TimeOffsets = new Dictionary<string, TimeOffset> { ["monotonic"] = new(5, 0) } } };

        Assert.Equal(new TimeOffset(-1000, 0), SystemLevel.Plan(Docker(), joinsUserNamespace: false, bootTime: 1000).Linux!.TimeOffsets!["boottime"]);
        Assert.Equal(["monotonic"], SystemLevel.Plan(own, joinsUserNamespace: false, bootTime: 1000).Linux!.TimeOffsets!.Keys);
    }

    [Fact]
    public void Privileged_does_not_give_the_hosts_devices()
    {
        Spec spec = Docker();
        Spec privileged = spec with
        {
            Linux = spec.Linux! with
            {
                Devices = [new LinuxDevice { Path = "/dev/vda", Type = "b", Major = 254, Minor = 0 }],
                Resources = new LinuxResources { Devices = [new LinuxDeviceCgroup { Allow = true, Access = "rwm" }] },
            },
        };
        Linux planned = SystemLevel.Plan(privileged, joinsUserNamespace: false, bootTime: 1000).Linux!;
        Assert.Equal(["/dev/fuse", "/dev/net/tun", "/dev/kmsg"], planned.Devices!.Select(device => device.Path));
        Assert.All(planned.Resources!.Devices!, rule => Assert.False(rule.Allow));
    }

    static Spec Docker() => OciJson.ParseSpec(Golden.Read("oci/docker-28.json"));
}
