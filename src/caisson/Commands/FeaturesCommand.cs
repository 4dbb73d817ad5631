using Caisson.Containers.Rootfs;
using Caisson.Kernel.Processes;
using Caisson.Oci;

namespace Caisson.Cli.Commands;

/// <summary><c>features</c> (runtime-spec, features.md)</summary>
static class FeaturesCommand
{
    public static Command Command { get; } = new("features", "", "print what the runtime can do as JSON", [], Run);

    static int Run(Invocation invocation)
    {
        Output.Write(OciJson.Write(new Features
        {
            OciVersionMin = "1.0.0",
            OciVersionMax = DefaultSpec.Create().OciVersion,
            Hooks = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"],
            MountOptions = [.. MountOptions.Words],
            // runc's name for it: the specification has none.
            Annotations = new Dictionary<string, string> { ["org.opencontainers.runc.checkpoint.enabled"] = "true" },
            PotentiallyUnsafeConfigAnnotations = ["org.criu.config"],
            Linux = new LinuxFeatures
            {
                Namespaces = ["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"],
                Capabilities = [.. Capabilities.All],
                Cgroup = new CgroupFeatures { V1 = true, V2 = true, Systemd = true, SystemdUser = false, Rdma = true },
                Seccomp = new SeccompFeatures
                {
                    Enabled = true,
                    Actions = [.. KnownNames.SeccompActions],
                    Operators = [.. KnownNames.SeccompOperators],
                    Archs = [.. KnownNames.SeccompArchitectures],
                    KnownFlags = [.. KnownNames.SeccompFlags],
                    SupportedFlags = [.. KnownNames.SeccompFlags],
                },
                Apparmor = new SwitchFeature(true),
                Selinux = new SwitchFeature(false),
                NetDevices = new SwitchFeature(true),
                MountExtensions = new MountExtensionFeatures { IdMap = new SwitchFeature(true) },
            },
        }));
        return 0;
    }
}
