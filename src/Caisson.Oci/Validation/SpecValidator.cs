using System.Globalization;
using System.Text;

namespace Caisson.Oci;

/// <summary>
/// Judges what a document asks for, without looking at the system: whether the rules of the runtime-spec and of the
/// kernel's interface hold. All problems are reported at once. Where runc is lenient so are we, with a warning.
/// </summary>
public static partial class SpecValidator
{
    // HOST_NAME_MAX: sethostname(2) and setdomainname(2) refuse more.
    const int LongestHostname = 64;

    /// <summary>All problems of config.json; the profile in <see cref="Linux.Seccomp"/> is not read.</summary>
    public static IReadOnlyList<Problem> Validate(Spec spec)
    {
        var findings = new Findings();
        CheckVersion(findings, spec.OciVersion);
        if (spec.Process is null)
        {
            findings.Error("/process", "process is missing", "add process with args and cwd");
        }
        else
        {
            CheckProcess(findings, spec.Process, "/process");
        }

        CheckRoot(findings, spec.Root);
        CheckUts(findings, spec);
        CheckMounts(findings, spec);
        CheckHooks(findings, spec.Hooks);
        CheckAnnotations(findings, spec.Annotations);
        if (spec.Linux is not null)
        {
            CheckLinux(findings, spec.Linux);
        }

        return findings.Problems;
    }

    /// <summary>All problems of the process of an <c>exec --process</c>.</summary>
    public static IReadOnlyList<Problem> Validate(ProcessSpec process)
    {
        var findings = new Findings();
        CheckProcess(findings, process, "");
        return findings.Problems;
    }

    /// <summary>All problems of the resources of an <c>update --resources</c>.</summary>
    public static IReadOnlyList<Problem> Validate(LinuxResources resources)
    {
        var findings = new Findings();
        CheckResources(findings, resources, "");
        return findings.Problems;
    }

    static void CheckVersion(Findings findings, string version)
    {
        findings.NoNul(version, "/ociVersion");
        const string Remedy = "write ociVersion 1.0.0 to 1.3.0";
        int dot = version.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !int.TryParse(version.AsSpan(0, dot), NumberStyles.None, null, out int major))
        {
            findings.Warning("/ociVersion",
                version.Length == 0 ? "ociVersion is missing" : $"ociVersion '{version}' is not a version", Remedy);
        }
        else if (major > 1)
        {
            findings.Error("/ociVersion", $"ociVersion {version} is not supported", Remedy);
        }
    }

    static void CheckRoot(Findings findings, Root? root)
    {
        if (string.IsNullOrEmpty(root?.Path))
        {
            findings.Error("/root/path", "root.path is missing", "name the directory of the root file system");
        }

        findings.NoNul(root?.Path, "/root/path");
    }

    static void CheckUts(Findings findings, Spec spec)
    {
        CheckHostname(findings, spec, spec.Hostname, "hostname");
        CheckHostname(findings, spec, spec.Domainname, "domainname");
    }

    static void CheckHostname(Findings findings, Spec spec, string? name, string what)
    {
        if (name is null)
        {
            return;
        }

        if (!Has(spec.Linux, "uts"))
        {
            findings.Error($"/{what}", $"{what} without a uts namespace would change the host's",
                "add a namespace of type uts to /linux/namespaces");
        }

        if (Encoding.UTF8.GetByteCount(name) > LongestHostname)
        {
            findings.Error($"/{what}", $"{what} is longer than {LongestHostname} bytes", "shorten it");
        }

        findings.NoNul(name, $"/{what}");
    }

    static void CheckAnnotations(Findings findings, IReadOnlyDictionary<string, string>? annotations)
    {
        if (annotations is not null && annotations.ContainsKey(""))
        {
            findings.Warning("/annotations/", "an annotation has an empty name", "give it a name or remove it");
        }

        findings.NoNul(annotations, "/annotations");
    }
}
