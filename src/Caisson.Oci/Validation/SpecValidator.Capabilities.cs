namespace Caisson.Oci;

public static partial class SpecValidator
{
    static void CheckCapabilities(Findings findings, LinuxCapabilities? capabilities, string at)
    {
        CheckCapabilities(findings, capabilities?.Bounding, at, "bounding");
        CheckCapabilities(findings, capabilities?.Effective, at, "effective");
        CheckCapabilities(findings, capabilities?.Inheritable, at, "inheritable");
        CheckCapabilities(findings, capabilities?.Permitted, at, "permitted");
        CheckCapabilities(findings, capabilities?.Ambient, at, "ambient");
        CheckAmbient(findings, capabilities, at);
    }

    // The kernel raises only what is in both sets (capabilities(7)); as with runc that is no error.
    static void CheckAmbient(Findings findings, LinuxCapabilities? capabilities, string at)
    {
        string[] refused =
        [
            .. (capabilities?.Ambient ?? []).Where(name => KnownNames.Capabilities.Contains(name)
                && !(capabilities!.Permitted?.Contains(name) == true && capabilities.Inheritable?.Contains(name) == true)),
        ];
        if (refused.Length > 0)
        {
            findings.Warning($"{at}/ambient", $"can't raise ambient capability {string.Join(", ", refused)}: not both permitted and inheritable",
                "add it to permitted and inheritable, or take it out of ambient");
        }
    }

    // A newer engine may name a capability of a newer kernel: the container runs without it, as with runc.
    static void CheckCapabilities(Findings findings, string[]? names, string at, string set)
    {
        for (int i = 0; i < names?.Length; i++)
        {
            if (!KnownNames.Capabilities.Contains(names[i]))
            {
                findings.Warning($"{at}/{set}/{i}", $"unknown capability '{names[i]}' is ignored",
                    "see capabilities(7) for the names");
            }
        }
    }
}
