using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Docker;

/// <summary>What the kernel counts for each user: a container that takes all it can leaves the others and the host theirs.</summary>
[Collection(typeof(OnBookworm))]
public sealed class StarvationTests(BookwormEngine engine) : EngineTests(engine)
{
    [Theory]
    [InlineData("inotify", "syscall(294, 0)")]
    [InlineData("keys", "syscall(248, $type = 'user', $name = qq(k$n), $text = 'x', 1, -2)")]
    public void OneContainer_CannotTakeWhatOthersNeed(string name, string call)
    {
        // Takes until there are no more, says how many there were, and keeps them until its input ends.
        string take = $"{Engine.Scratch}/take-{name}";
        File.WriteAllText(take, $"$| = 1; $n = 0; $n++ while $n < 100000 && {call} >= 0; print \"$n\\n\"; <STDIN>;");
        string few = $"ulimit -n 4096 && perl {take} </dev/null";
        using Outer alone = Idle("alone", take);
        int most = int.Parse(alone.Inside(few));
        Assert.InRange(most, 1, 99999);

        using Outer greedy = Idle("greedy", take);
        Engine.Run("exec", "-d", "greedy", "sh", "-c", $"ulimit -n 4096 && mkfifo /hold && perl {take} <>/hold >/taken");
        Eventually(() => greedy.Inside("cat /taken 2>/dev/null || true").Length > 0, "it has taken all");
        Assert.Equal(most.ToString(), greedy.Inside("cat /taken"));
        Assert.Equal("0", greedy.Inside($"unshare -Ur sh -c '{few}'"));

        Assert.Equal(most.ToString(), alone.Inside(few));
        Assert.InRange(int.Parse(Host.Run(Engine.Scratch, ["sh", "-c", few]).Output), 1, int.MaxValue);
    }

    [Fact]
    public void InnerContainersRun_WhereNoKeysAreLeft()
    {
        const string take = "perl -e '$n++ while syscall(248, $type = q(user), $name = qq(k$n), $text = q(x), 1, -2) >= 0; <STDIN>'";
        using Outer outer = new Outer(Engine, "keyless").Start("dind").ImportBusybox();
        Engine.Run("exec", "-d", "keyless", "sh", "-c", $"mkfifo /hold && {take} <>/hold");
        Eventually(() => outer.Inside("grep -c ' 200/200 ' /proc/key-users || true") == "1", "all keys are taken");
        Assert.Equal("inner", outer.Inside("docker run --rm bb echo inner"));
    }

    Outer Idle(string name, string script)
    {
        Outer outer = new(Engine, name);
        outer.StartOnly("dind", ["1000"], ["--entrypoint", "sleep", "-v", $"{script}:{script}:ro"]);
        return outer;
    }
}
