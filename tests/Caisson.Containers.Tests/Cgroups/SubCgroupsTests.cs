using Caisson.Containers.Cgroups;

namespace Caisson.Containers.Tests.Cgroups;

public sealed class SubCgroupsTests
{
    static readonly string[] Controllers = ["cpu", "cpuacct", "memory", "name=systemd"];

    [Theory]
    [InlineData("sub", "memory", "sub")]
    [InlineData("/a//b/", "", "a/b")]
    [InlineData("/", "memory", "")]
    [InlineData("memory:sub", "cpu,cpuacct", "")]
    [InlineData("cpu,cpuacct:/sub", "cpu,cpuacct", "sub")]
    [InlineData("systemd:sub", "name=systemd", "sub")]
    public void APath_IsForAllHierarchiesOrForThoseNamed(string text, string hierarchy, string path) =>
        Assert.Equal(path, SubCgroups.Parse([text], Controllers).For(hierarchy));

    [Theory]
    [InlineData("..", "bad sub cgroup path")]
    [InlineData("a/../../b", "bad sub cgroup path")]
    [InlineData("memory:..", "bad sub cgroup path")]
    [InlineData("pids:sub", "unknown controller pids")]
    public void WhatIsNotBelow_OrNotThere_IsRefused(string text, string message) =>
        Assert.Contains(message, Assert.Throws<UserError>(() => SubCgroups.Parse([text], Controllers)).Message);
}
