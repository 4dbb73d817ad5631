namespace Caisson.Containers.Processes;

/// <summary>An image's /etc/passwd (passwd(5)).</summary>
public static class Passwd
{
    /// <summary>The name of a uid; null where the file has none.</summary>
    public static string? NameOf(string text, uint uid) =>
        text.Split('\n').Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length >= 3 && fields[2] == uid.ToString())?[0];

    /// <summary>The home directory of a uid; null where the file has none.</summary>
    public static string? HomeOf(string text, uint uid)
    {
        foreach (string line in text.Split('\n'))
        {
            string[] fields = line.Split(':');
            if (fields.Length >= 6 && uint.TryParse(fields[2], out uint id) && id == uid && fields[5].Length > 0)
            {
                return fields[5];
            }
        }

        return null;
    }
}
