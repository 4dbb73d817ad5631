using Caisson.Containers.Cgroups;
using Caisson.Oci;

namespace Caisson.Containers.Tests.Cgroups;

public sealed class DeviceAccessTests
{
    static readonly LinuxDeviceCgroup DenyAll = new() { Allow = false, Access = "rwm" };

    [Fact]
    public void PlanTransition_FromTheKernelsDefault_DeniesAllAndThenAllows() => Assert.Equal(
        """
        devices: devices.deny = a [IgnoreInUserNamespace]
        devices: devices.allow = b *:* m [IgnoreInUserNamespace]
        devices: devices.allow = c *:* m [IgnoreInUserNamespace]
        devices: devices.allow = c 1:3 rwm [IgnoreInUserNamespace]
        devices: devices.allow = c 1:5 rwm [IgnoreInUserNamespace]
        devices: devices.allow = c 1:7 rwm [IgnoreInUserNamespace]
        devices: devices.allow = c 1:8 rwm [IgnoreInUserNamespace]
        devices: devices.allow = c 1:9 rwm [IgnoreInUserNamespace]
        devices: devices.allow = c 5:0 rwm [IgnoreInUserNamespace]
        devices: devices.allow = c 5:2 rwm [IgnoreInUserNamespace]
        devices: devices.allow = c 10:200 rwm [IgnoreInUserNamespace]
        devices: devices.allow = c 136:* rwm [IgnoreInUserNamespace]
        """,
        Transition("a *:* rwm\n", DeviceAccess.Plan([DenyAll], DeviceDefaults.All)));

    [Fact]
    public void PlanTransition_TouchesOnlyWhatChanges() => Assert.Equal(
        """
        devices: devices.deny = c 10:229 w [IgnoreInUserNamespace]
        devices: devices.allow = b 8:0 r [IgnoreInUserNamespace]
        """,
        Transition(
            "c 1:3 rwm\nc 10:229 rw\n",
            DeviceAccess.Plan([Allow("c", 1, 3, "rwm"), Allow("c", 10, 229, "r"), Allow("b", 8, 0, "r")], [])));

    [Fact]
    public void PlanTransition_ToAllowAll() => Assert.Equal(
        "devices: devices.allow = a [IgnoreInUserNamespace]",
        Transition("c 1:3 rwm\n", DeviceAccess.Plan([new LinuxDeviceCgroup { Allow = true, Access = "rwm" }], DeviceDefaults.All)));

    [Fact]
    public void Plan_TheLaterRuleCounts() => Assert.Empty(
        DeviceAccess.Plan([DenyAll, Allow("c", 1, 3, "rwm"), Allow("c", 1, 3, "rwm") with { Allow = false }], []).Exceptions);

    [Fact]
    public void Plan_RefusesAHoleInAWildcard_BecauseVersion1WouldSilentlyIgnoreIt()
    {
        UserError error = Assert.Throws<UserError>(() => DeviceAccess.Plan(
            [DenyAll, Allow("c", 10, null, "rwm"), Allow("c", 10, 200, "w") with { Allow = false }], []));
        Assert.StartsWith("/linux/resources/devices/2:", error.Message);
    }

    [Theory]
    [InlineData("x", "r")]
    [InlineData("c", "")]
    public void Plan_RefusesWhatIsNoRule(string type, string access) =>
        Assert.Throws<UserError>(() => DeviceAccess.Plan([Allow(type, 1, 1, access)], []));

    [Fact]
    public void Filter_AllowedByException() => Assert.Equal(
        """
          0: w3 = *(u32 *)(r1 + 0)
          1: w2 = w3
          2: w2 &= 0xffff
          3: w3 >>= 16
          4: w4 = *(u32 *)(r1 + 4)
          5: w5 = *(u32 *)(r1 + 8)
          6: if r2 != 2 goto 12
          7: w0 = w3
          8: w0 &= 0x6
          9: if r0 != 0 goto 12
         10: w0 = 1
         11: exit
         12: if r2 != 1 goto 17
         13: if r4 != 8 goto 17
         14: if r5 != 1 goto 17
         15: w0 = 1
         16: exit
         17: w0 = 0
         18: exit

        """,
        DeviceFilter.Plan(DeviceAccess.Plan([DenyAll, Allow("c", null, null, "m"), Allow("b", 8, 1, "rwm")], [])).Render());

    [Fact]
    public void Filter_DeniedByException_OneCommonRightIsEnough() => Assert.Equal(
        """
          6: if r2 != 2 goto 13
          7: w0 = w3
          8: w0 &= 0x4
          9: if r0 == 0 goto 13
         10: if r4 != 1 goto 13
         11: w0 = 0
         12: exit
         13: w0 = 1
         14: exit

        """,
        string.Join('\n', DeviceFilter.Plan(DeviceAccess.Plan(
            [new LinuxDeviceCgroup { Allow = true, Access = "rwm" }, Allow("c", 1, null, "w") with { Allow = false }],
            [])).Render().Split('\n')[6..]));

    static string Transition(string list, DeviceAccess to) =>
        string.Join('\n', DeviceAccess.PlanTransition(DeviceAccess.ParseList(list), to, "devices"));

    static LinuxDeviceCgroup Allow(string type, long? major, long? minor, string access) =>
        new() { Allow = true, Type = type, Major = major, Minor = minor, Access = access };
}
