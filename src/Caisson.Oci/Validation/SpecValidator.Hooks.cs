namespace Caisson.Oci;

public static partial class SpecValidator
{
    static void CheckHooks(Findings findings, Hooks? hooks)
    {
        CheckHooks(findings, hooks?.Prestart, "prestart");
        CheckHooks(findings, hooks?.CreateRuntime, "createRuntime");
        CheckHooks(findings, hooks?.CreateContainer, "createContainer");
        CheckHooks(findings, hooks?.StartContainer, "startContainer");
        CheckHooks(findings, hooks?.Poststart, "poststart");
        CheckHooks(findings, hooks?.Poststop, "poststop");
    }

    static void CheckHooks(Findings findings, Hook[]? hooks, string point)
    {
        for (int i = 0; i < hooks?.Length; i++)
        {
            Hook hook = hooks[i];
            string at = $"/hooks/{point}/{i}";
            findings.Absolute(hook.Path, $"{at}/path", "path");
            findings.NoNul(hook.Args, $"{at}/args");
            findings.NoNul(hook.Env, $"{at}/env");
            if (hook.Timeout <= 0)
            {
                findings.Error($"{at}/timeout", $"a timeout of {hook.Timeout} seconds leaves no time to run",
                    "use at least 1, or remove it to wait without limit");
            }
        }
    }
}
