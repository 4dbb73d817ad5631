using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.View;

/// <summary>Limits that are changed while a container runs are seen by the processes that run in it.</summary>
public sealed class FollowedLimitTests : RootTest
{
    const int MiB = 1024 * 1024;

    // /proc/meminfo, sysinfo(2), /proc/cpuinfo, /proc/stat, /sys, sched_getaffinity(2); one shell all the time.
    const string Look = """
        while :; do
          echo $(awk '/^MemTotal/ { print $2 }' /proc/meminfo) $(free | awk '/^Mem/ { print $2 }') $(grep -c ^processor /proc/cpuinfo) \
            $(grep -c '^cpu[0-9]' /proc/stat) $(cat /sys/devices/system/cpu/online) $(nproc) >/seen.new
          mv /seen.new /seen
        done
        """;

    [Fact]
    public void MemoryAndCpus_AreThoseOfTheLastUpdate()
    {
        Assert.SkipUnless(Environment.ProcessorCount >= 2, "a quota shows on several CPUs only, and the machine has one");
        using Bundle bundle = NewBundle("system", config =>
        {
            config.Shell(Look);
            JsonObject resources = config.Linux()["resources"]!.AsObject();
            resources["memory"] = Config.Json(new { limit = 256 * MiB });
            resources["cpu"] = Config.Json(new { cpus = "0-1" });
        }).Launch();

        Await(bundle, "262144 262144 2 2 0-1 2");
        Update(bundle, "131072 131072 2 2 0-1 2", "--memory", $"{128 * MiB}");
        Update(bundle, "524288 524288 2 2 0-1 2", "--memory", $"{512 * MiB}");
        Update(bundle, "524288 524288 1 1 0 2", "--cpu-period", "100000", "--cpu-quota", "100000");
        Update(bundle, "524288 524288 2 2 0-1 2", "--cpu-quota", "110000");
        // Numbered from 0, as a machine with one has it.
        Update(bundle, "524288 524288 1 1 0 1", "--cpuset-cpus", "1");
        Update(bundle, "524288 524288 1 1 0 1", "--cpu-quota", "-1");
        Update(bundle, "262144 262144 2 2 0-1 2", "--cpuset-cpus", "0-1", "--memory", $"{256 * MiB}");
    }

    static void Update(Bundle bundle, string expected, params string[] options)
    {
        Succeeded(bundle.Caisson(["update", .. options, bundle.Id]));
        Await(bundle, expected);
    }

    static void Await(Bundle bundle, string expected)
    {
        for (int i = 0; i < 500 && Seen(bundle) != expected; i++)
        {
            Thread.Sleep(20);
        }

        // It stays so.
        Thread.Sleep(100);
        Assert.Equal(expected, Seen(bundle));
    }

    static string Seen(Bundle bundle) => File.Exists($"{bundle.Rootfs}/seen") ? File.ReadAllText($"{bundle.Rootfs}/seen").Trim() : "";
}
