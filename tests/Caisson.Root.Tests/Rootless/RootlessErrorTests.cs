using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Rootless;

/// <summary>What an ordinary user cannot have, and the words for it; runc's own where its users look for them.</summary>
public sealed class RootlessErrorTests : RootTest
{
    public static TheoryData<string, string> Refused => new()
    {
        { """{"linux": {"resources": {"pids": {"limit": 10}}}}""", "cannot set pids limit: container could not join or create cgroup" },
        { """{"linux": {"cgroupsPath": "/caisson-test"}}""", "unable to apply cgroup configuration: mkdir" },
        { """{"linux": {"uidMappings": null, "gidMappings": null}}""", "/linux/uidMappings: a user namespace needs mappings" },
        { """{"process": {"user": {"uid": 70000}}}""", "/process/user/uid: uid 70000 is not mapped into the container, which has 0" },
        { """{"process": {"user": {"additionalGids": [0]}}}""", "cannot set any additional groups in a rootless container" },
        { """{"mounts": [{"destination": "/proc", "type": "proc"}, {"destination": "/t", "type": "tmpfs", "options": ["gid=5"]}]}""", "/mounts/1/options: gid 5 is not mapped" },
        { """{"linux": {"uidMappings": [{"containerID": 0, "hostID": 60123, "size": 1}, {"containerID": 1, "hostID": 1000, "size": 1}]}}""", "newuidmap" },
        { """{"linux": {"devices": [{"path": "/dev/none", "type": "c", "major": 239, "minor": 1}]}}""", "device /dev/none (239:1) cannot be made in a user namespace" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void ItIsSaidByName_AndNothingIsLeft(string change, string message)
    {
        OrdinaryUser user = new(Scratch);
        user.Configure("true", config => Merge(config, JsonNode.Parse(change)!.AsObject()));
        Failed(user.Bash("$PLAIN run one"), message);
        string[] left = Directory.Exists(user.States) ? Directory.GetFileSystemEntries(user.States) : [];
        Assert.Empty(left);
    }

    [Fact]
    public void WithoutAUserNamespace_ItIsToldWhatMakesOne()
    {
        OrdinaryUser user = new(Scratch);
        user.Configure("true", rootless: false);
        CommandResult refused = user.Bash("$PLAIN run one");
        Failed(refused, "rootless container requires user namespaces");
        Assert.Contains("caisson spec --rootless", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutARuntimeDirectory_ItIsNamed()
    {
        OrdinaryUser user = new(Scratch);
        user.Configure("true");
        Failed(user.Bash("unset XDG_RUNTIME_DIR; $PLAIN run one"), "XDG_RUNTIME_DIR is not set, and /run/caisson is for root");
        Succeeded(user.Bash("unset XDG_RUNTIME_DIR; $PLAIN --root ../run/own run one"));
    }

    static void Merge(JsonObject into, JsonObject change)
    {
        foreach ((string name, JsonNode? value) in change)
        {
            if (value is JsonObject inner && into[name] is JsonObject there)
            {
                Merge(there, inner);
            }
            else if (value is null)
            {
                into.Remove(name);
            }
            else
            {
                into[name] = value.DeepClone();
            }
        }
    }
}
