using Caisson.Emulation.Sysctl;
using Caisson.Kernel.Mounts;
using Caisson.Tests;

namespace Caisson.Emulation.Tests.Sysctl;

/// <summary>
/// Which sysctls of the table this kernel has for each namespace: asked of it, in namespaces as a container's, by writing its own
/// value back.
/// </summary>
public sealed class NamespacedSysctlTests
{
    const uint Root = 100000;

    // Prints owner, mode in octal, whether the value could be written back, and the name.
    const string Probe = """
        while read -r name; do
            file=/proc/sys/$name
            [ -e "$file" ] || continue
            value=$(cat "$file" 2>/dev/null)
            if printf '%s\n' "$value" >"$file"; then written=true; else written=false; fi 2>/dev/null
            echo "$(stat -c '%u %a' "$file") $written $name"
        done
        """;

    [Fact]
    public void Those_are_namespaced_that_the_table_says_and_no_others()
    {
        InsideProcess.NeedsRoot("it makes namespaces");
        List<string> odd = [];
        int found = 0;
        foreach (string line in ProbeInside().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            SysctlRow row = SysctlTable.Rows.Single(row => row.Name == words[3]);
            bool isWritten = bool.Parse(words[2]);
            // Seen from inside, the host's root is nobody.
            bool stays = FlatTree.IsNamespaced(uint.Parse(words[0]), Convert.ToUInt32(words[1], 8), hostRoot: 65534);
            found++;
            if (isWritten != stays || isWritten != IsExpected(row))
            {
                odd.Add($"{row.Name}: written {isWritten}, left to the kernel {stays}, namespaced in the table: {row.Namespaced ?? "no"}");
            }
        }

        Assert.True(found > 50, $"{found} sysctls were found");
        Expect.Nothing(odd);
    }

    static bool IsExpected(SysctlRow row) => row.Namespaced switch
    {
        null => false,
        "always" => true,
        string version => Environment.OSVersion.Version >= Version.Parse(version),
    };

    static string ProbeInside()
    {
        // Holds the user namespace while its ids are mapped: whoever makes one is nobody in it at first.
        using InsideProcess holder = new("unshare", "--user");
        holder.MapIds(Root);
        CommandResult result = Command.Run(
            "nsenter",
            [
                $"--user=/proc/{holder.Id}/ns/user", "--setuid", "0", "--setgid", "0",
                "unshare", "--net", "--ipc", "--uts", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "sh", "-c", Probe,
            ],
            string.Concat(SysctlTable.Rows.Select(row => row.Name + "\n")));
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Output;
    }
}
