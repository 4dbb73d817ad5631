namespace Caisson.Containers.Cgroups;

/// <summary>
/// Cgroups below a container's, for <c>exec --cgroup</c>: <c>PATH</c> for all hierarchies, or <c>CONTROLLER[,CONTROLLER]:PATH</c>
/// for those of version 1.
/// </summary>
public sealed class SubCgroups
{
    readonly Dictionary<string, string> _byController = [];
    string _forAll = "";

    /// <param name="texts">As given; the last one counts.</param>
    /// <param name="controllers">Of version 1 on this host, as <c>/proc/self/cgroup</c> spells them; empty where there is none.</param>
    public static SubCgroups Parse(IEnumerable<string> texts, IReadOnlyCollection<string> controllers)
    {
        SubCgroups parsed = new();
        foreach (string text in texts)
        {
            int colon = text.IndexOf(':');
            string path = Clean(text[(colon + 1)..]);
            if (colon < 0)
            {
                parsed._forAll = path;
            }

            foreach (string name in colon < 0 ? [] : text[..colon].Split(','))
            {
                // A named hierarchy is also called by its name alone.
                string? known = controllers.FirstOrDefault(one => one == name || one == $"name={name}");
                parsed._byController[known ?? throw new UserError(
                    $"--cgroup {text}: unknown controller {name} ", $"use one of {string.Join(", ", controllers)}")] = path;
            }
        }

        return parsed;
    }

    /// <summary>Relative, without a slash at either end; empty for the container's own.</summary>
    /// <param name="hierarchy">As <c>/proc/self/cgroup</c> spells it; empty for version 2.</param>
    public string For(string hierarchy)
    {
        foreach (string controller in hierarchy.Split(','))
        {
            if (_byController.TryGetValue(controller, out string? path))
            {
                return path;
            }
        }

        return _forAll;
    }

    static string Clean(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts.Contains("..")
            ? throw new UserError($"bad sub cgroup path: {path}", "name a cgroup below the container's")
            : string.Join('/', parts.Where(part => part != "."));
    }
}
