using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>Interfaces that move into a container, from a network namespace of the test's.</summary>
public sealed class NetworkDeviceTests : RootTest
{
    const string Make =
        "ip link add one mtu 1400 type veth peer name two && ip addr add 10.5.0.1/24 dev one && ip addr add 10.5.1.1 peer 10.5.1.2/32 dev one"
        + " && ip addr add fd05::1/64 dev one nodad && ip link set one up && ip link set two up";

    [Theory, ForEachLevel]
    public void AnInterface_MovesWithItsAddresses_ByAnotherName(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Shell("cat /sys/class/net/inside/mtu; ip -o addr show dev inside scope global | awk '{print $3, $4, $5, $6}'; ip -o link show dev inside | grep -o ',UP'");
            config.Linux()["netDevices"] = Config.Json(new { one = new { name = "inside" } });
        });

        Assert.Equal(
            "1400\ninet 10.5.0.1/24 scope global\ninet 10.5.1.1 peer 10.5.1.2/32\ninet6 fd05::1/64 scope global\n,UP\nmoved",
            InOwnNetwork(level, bundle, "(ip link show one || echo moved) 2>/dev/null"));
    }

    [Theory, ForEachLevel]
    public void WhatCannotBeMoved_IsNamed_AndStays(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Args("true");
            config.Linux()["netDevices"] = Config.Json(new { none = new { } });
        });
        Assert.Equal("1", InOwnNetwork(level, bundle, "echo $?", out string errors));
        Assert.Contains("/linux/netDevices/none: there is no interface of this name", errors, StringComparison.Ordinal);

        bundle.Change(config => config.Linux()["netDevices"] = Config.Json(new { lo = new { } }));
        InOwnNetwork(level, bundle, "true", out errors);
        Assert.Contains("/linux/netDevices/lo: the container has an interface lo already", errors, StringComparison.Ordinal);
        // Two of one name.
        bundle.Change(config => config.Linux()["netDevices"] = Config.Json(new { one = new { name = "lo" } }));
        Assert.Equal("stays", InOwnNetwork(level, bundle, "ip link show one >/dev/null && echo stays", out errors));
        Assert.Contains("/linux/netDevices/one: the container has an interface lo already", errors, StringComparison.Ordinal);
    }

    string InOwnNetwork(string level, Bundle bundle, string afterwards) => InOwnNetwork(level, bundle, afterwards, out _);

    string InOwnNetwork(string level, Bundle bundle, string afterwards, out string errors)
    {
        string run = string.Join(' ', CommandLine(level, "run", "-b", bundle.Directory, bundle.Id));
        CommandResult result = Host.Run(Scratch, ["unshare", "-n", "sh", "-c", $"{Make}; {run}; {afterwards}"]);
        errors = result.Errors;
        return result.Output.Trim();
    }
}
