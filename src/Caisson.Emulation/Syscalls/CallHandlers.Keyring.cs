using System.Globalization;
using Caisson.Kernel;

namespace Caisson.Emulation.Syscalls;

public sealed partial class CallHandlers
{
    // Left for those that keep secrets.
    const int SpareKeys = 16;
    const int SpareBytes = 2000;

    /// <summary>
    /// keyctl(2) with KEYCTL_JOIN_SESSION_KEYRING. Runtimes make a keyring for each container, in which mostly nothing is ever kept,
    /// and take EDQUOT for fatal; ENOSYS tells them to do without.
    /// </summary>
    public static Answer JoinKeyring(Tracee tracee) =>
        CallerIds.TryReadUser(tracee) is { } user && !HasRoom(tracee.ReadSystemText("key-users"), user)
            ? Answer.Failure(Errno.ENOSYS)
            : Answer.Continue;

    /// <param name="users">/proc/key-users: "uid: usage keys/instantiated keys/most bytes/most" (proc_key_users(5)).</param>
    /// <param name="user">A uid of the host's.</param>
    internal static bool HasRoom(string users, uint user)
    {
        foreach (ReadOnlySpan<char> line in users.AsSpan().EnumerateLines())
        {
            string[] words = line.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 5 && words[0] == $"{user}:")
            {
                return IsBelow(words[3], SpareKeys) && IsBelow(words[4], SpareBytes);
            }
        }

        return true;
    }

    static bool IsBelow(string usedOfMost, int spare)
    {
        int slash = usedOfMost.IndexOf('/');
        return slash < 0
            || !int.TryParse(usedOfMost[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out int used)
            || !int.TryParse(usedOfMost[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int most)
            || used < most - Math.Min(spare, most / 2);
    }
}
