using System.Diagnostics;
using Caisson.Fuse.Tests.Harness;

namespace Caisson.Fuse.Tests;

/// <summary>Servers that are killed at any moment, under readers and writers who know nothing of it.</summary>
public sealed class SuccessionTests
{
    // Each runs until there is a file "stop", prints what is wrong, and at last how often it went round.
    static readonly Dictionary<string, string> s_loops = new()
    {
        // Two contents in one reading would be two lines; one that ends early is not all.
        ["in small steps"] = "busybox dd bs=90 if=$r/numbered 2>$s/log1 | busybox uniq -c | busybox grep -v '^ *200 '",
        ["in small steps, large"] = "busybox dd bs=9000 if=$r/large 2>$s/log2 | busybox uniq -c | busybox grep -v '^ *10000 '",
        ["sendfile"] = "busybox cat $r/large | busybox uniq -c | busybox grep -v '^ *10000 '",
        ["one open file"] = "{ busybox head -c 500; busybox sleep 0.1; busybox cat; } <$r/numbered | busybox uniq -c | busybox grep -v '^ *200 '",
        ["what is written is read"] = "echo $i >$r/stored || echo not written; read v <$r/stored; [ \"$v\" = $i ] || echo wrote $i, read $v",
        // 0 as long as nobody has opened it, as a lookup makes no content.
        ["sizes"] = "v=$(busybox stat -c %s $r/numbered); [ \"$v\" = 4000 ] || [ \"$v\" = 0 ] || echo size $v",
    };

    [Fact]
    public void A_series_of_servers_serves_no_wrong_value_and_lets_nobody_hang()
    {
        using ServedElsewhere served = new();
        Assert.Equal("0\n", served.Run("busybox cat $r/stored"));
        Process[] loops = [.. s_loops.Values.Select(body => Loop(served, body))];
        Random random = new(11);
        for (int i = 0; i < 25; i++)
        {
            // Some are killed as they start, some at work.
            Thread.Sleep(random.Next(20, 350));
            served.KillServer();
        }

        File.WriteAllText($"{served.Scratch}/stop", "");
        string[] outputs = [.. loops.Select(ServedElsewhere.OutputOf)];

        Assert.All(outputs, output => Assert.Matches("^round [1-9][0-9]*\n$", output));
        Assert.InRange(served.Ended, 15, int.MaxValue);
        Assert.DoesNotContain(served.Log, line => line.Contains("EIO", StringComparison.Ordinal) || line.Contains("many", StringComparison.Ordinal));
    }

    static Process Loop(ServedElsewhere served, string body) =>
        served.Start($"i=0; while [ ! -e $s/stop ]; do i=$((i+1)); {body}; done; echo round $i");
}
