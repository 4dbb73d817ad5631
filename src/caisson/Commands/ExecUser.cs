using Caisson.Oci;

namespace Caisson.Cli.Commands;

/// <summary>The value of <c>exec --user</c>: numeric ids, as runc takes them.</summary>
static class ExecUser
{
    public static User Parse(string? text, User otherwise)
    {
        if (text is null)
        {
            return otherwise;
        }

        string[] parts = text.Split(':');
        return parts.Length <= 2
            ? otherwise with { Uid = ParseId(parts[0]), Gid = parts.Length == 2 ? ParseId(parts[1]) : otherwise.Gid }
            : throw new UsageException($"--user is UID or UID:GID, not \"{text}\"");
    }

    public static uint ParseId(string text) =>
        uint.TryParse(text, out uint id) ? id : throw new UsageException($"\"{text}\" is not a numeric id");
}
