namespace Caisson.Oci;

public static partial class SpecValidator
{
    /// <summary>Parameters a namespace has of its own, by path; a trailing slash makes a prefix.</summary>
    static readonly (string Path, string Namespace)[] Sysctls =
    [
        ("kernel/msgmax", "ipc"),
        ("kernel/msgmnb", "ipc"),
        ("kernel/msgmni", "ipc"),
        ("kernel/sem", "ipc"),
        ("kernel/shmall", "ipc"),
        ("kernel/shmmax", "ipc"),
        ("kernel/shmmni", "ipc"),
        ("kernel/shm_rmid_forced", "ipc"),
        ("fs/mqueue/", "ipc"),
        ("net/", "network"),
        ("kernel/domainname", "uts"),
        ("user/", "user"),
    ];

    static void CheckSysctls(Findings findings, Linux linux)
    {
        foreach ((string name, string value) in linux.Sysctl ?? new Dictionary<string, string>())
        {
            string at = $"/linux/sysctl/{Problem.Step(name)}";
            findings.NoNul(value, at);
            if (SysctlName.ToPath(name) is string path)
            {
                CheckSysctl(findings, linux, path, at);
            }
            else
            {
                findings.Error(at, "not a name of a kernel parameter", "write it as net.ipv4.ip_forward");
            }
        }
    }

    // Whatever is not of a namespace is the host's, and the runtime writes it as the host's root.
    static void CheckSysctl(Findings findings, Linux linux, string path, string at)
    {
        if (path == "kernel/hostname")
        {
            findings.Error(at, "the host name has a member of its own", "use /hostname");
            return;
        }

        foreach ((string known, string type) in Sysctls)
        {
            if (path == known || (known.EndsWith('/') && path.StartsWith(known, StringComparison.Ordinal)))
            {
                if (!Has(linux, type))
                {
                    findings.Error(at, $"the parameter belongs to the host without a namespace of type {type}",
                        $"add a namespace of type {type}, or set it on the host");
                }

                return;
            }
        }

        findings.Error(at, "the parameter is the same for the whole host", "set it on the host");
    }
}
