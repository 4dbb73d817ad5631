using System.Text;
using Caisson.Containers.Configuration;
using Caisson.Containers.Ids;
using Caisson.Oci;

namespace Caisson.Cli.Commands;

/// <summary><c>config</c>: the host's configuration, checked and shown.</summary>
static class ConfigCommand
{
    public static Command Command { get; } = new(
        "config", "check [FILE] | show | schema", "check the host's configuration, show what holds, or print its JSON schema", [], Run);

    static int Run(Invocation invocation)
    {
        switch (invocation.Line.Rest)
        {
            case ["check"]:
                return Check(invocation.ConfigurationFile);
            case ["check", var file]:
                return Check(Path.GetFullPath(file));
            case ["show"]:
                Output.WriteText(Show(invocation));
                return 0;
            case ["schema"]:
                Output.Write(Schema());
                return 0;
            default:
                throw new UsageException("say config check, config show or config schema");
        }
    }

    static int Check(string file)
    {
        Output.WriteText(HostConfiguration.Load(file) != HostConfiguration.Empty ? $"{file}: good\n" : $"{file}: not there; what is usual holds\n");
        return 0;
    }

    static string Show(Invocation invocation)
    {
        List<string[]> rows = [["KEY", "VALUE", "FROM"]];
        foreach (ConfigurationKey key in ConfigurationTable.All)
        {
            rows.Add(invocation.Configuration.ValueOf(key) is { } value
                ? [key.Name, value, invocation.ConfigurationFile]
                : FromSubIds(key) is { } number ? [key.Name, number, "/etc/subuid, \"caisson\""] : [key.Name, key.Default, "default"]);
        }

        return Columns.Align(rows);
    }

    static string? FromSubIds(ConfigurationKey key)
    {
        SubIdEntry own = SubIdEntry.OfHost(own: null).FirstOrDefault(entry => entry.Name == SubIdEntry.OwnName);
        return own.Name is null ? null
            : key == ConfigurationTable.FirstId ? $"{own.Range.Start}"
            : key == ConfigurationTable.IdCount ? $"{own.Range.Size}" : null;
    }

    static byte[] Schema()
    {
        OciWriter json = new(indent: 2);
        json.BeginObject();
        json.Text("$schema"u8, "https://json-schema.org/draft/2020-12/schema");
        json.Text("title"u8, "Caisson: configuration of a host");
        WriteObject(json, "");
        json.EndObject();
        return json.ToBytes();
    }

    static void WriteObject(OciWriter json, string prefix)
    {
        json.Text("type"u8, "object");
        json.Flag("additionalProperties"u8, false);
        json.BeginObject("properties"u8);
        if (prefix.Length == 0)
        {
            json.BeginObject("$schema"u8);
            json.Text("type"u8, "string");
            json.EndObject();
        }

        foreach (string name in ConfigurationTable.MembersOf(prefix))
        {
            json.BeginObject(Encoding.UTF8.GetBytes(name));
            if (ConfigurationTable.Find(prefix + name) is { } key)
            {
                json.Text("description"u8, $"{key.What} Default: {key.Default}.");
                WriteType(json, key);
            }
            else
            {
                WriteObject(json, $"{prefix}{name}.");
            }

            json.EndObject();
        }

        json.EndObject();
    }

    static void WriteType(OciWriter json, ConfigurationKey key)
    {
        switch (key.Kind)
        {
            case ConfigurationKind.Path:
                json.Text("type"u8, "string");
                json.Text("pattern"u8, "^/.");
                break;
            case ConfigurationKind.Number:
                json.Text("type"u8, "integer");
                json.Number("minimum"u8, 65536L);
                json.Number("maximum"u8, (long)uint.MaxValue);
                break;
            default:
                json.Texts("type"u8, ["string", "integer"]);
                break;
        }
    }
}
