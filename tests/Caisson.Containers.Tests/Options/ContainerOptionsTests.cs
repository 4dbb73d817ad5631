using System.Globalization;
using System.Text;
using Caisson.Containers.Options;
using Caisson.Oci;
using Caisson.Tests;

namespace Caisson.Containers.Tests.Options;

public sealed class ContainerOptionsTests
{
    [Fact]
    public void Without_any_all_is_as_usual()
    {
        ContainerOptions options = Read(Spec([], "PATH=/bin", "CAISSONS=1"));

        Assert.True(options is { HasView: true, Ids: 65536, HonorsCapabilities: false, Unmapped: [], Mapped: [] });
    }

    [Fact]
    public void An_annotation_counts_before_a_variable_and_the_last_variable_before_others()
    {
        Assert.False(Read(Spec(new() { ["io.caisson.view"] = "off" }, "CAISSON_VIEW=on")).HasView);
        Assert.Equal(200000u, Read(Spec([], "CAISSON_IDS=70000", "CAISSON_IDS=200000")).Ids);
        Assert.Equal(["/a", "/b"], Read(Spec(new() { ["io.caisson.unmapped"] = "/a,/b/" })).Unmapped);
        Assert.Equal(["/b"], Read(Spec([], "CAISSON_MAPPED=/b")).Mapped);
        Assert.True(Read(Spec(new() { ["io.caisson.disk-size"] = "10G" }, "CAISSON_DISK_INODES=1000")) is { DiskSize: 10UL << 30, DiskInodes: 1000 });
    }

    [Fact]
    public void Variables_of_Sysbox_mean_the_same_or_are_told_to_have_no_effect()
    {
        List<string> warnings = [];
        Assert.True(ContainerOptions.Read(Spec([], "SYSBOX_HONOR_CAPS=TRUE", "SYSBOX_SYSCONT_MODE=TRUE", "SYSBOX_ELSE=1"), warnings.Add).HonorsCapabilities);
        Assert.Equal(
            [
                "the variable SYSBOX_SYSCONT_MODE has no effect: use --isolation=plain for an ordinary container, ignoring",
                "the variable SYSBOX_ELSE has no effect: it is not known, ignoring",
            ],
            warnings);
        Assert.Equal(["/a"], Read(Spec([], "SYSBOX_SKIP_UID_SHIFT=/a")).Unmapped);
        Assert.False(Read(Spec(new() { ["io.caisson.capabilities"] = "all" }, "SYSBOX_HONOR_CAPS=TRUE")).HonorsCapabilities);
    }

    [Theory]
    [InlineData("io.caisson.veiw", "off", "the annotation io.caisson.veiw is not known")]
    [InlineData("io.caisson.view", "no", "io.caisson.view is on or off, not \"no\"")]
    [InlineData("io.caisson.ids", "12", "io.caisson.ids is a number from 65536 to 134217728, not \"12\"")]
    [InlineData("io.caisson.disk-size", "0", "io.caisson.disk-size is a size such as 10G, not \"0\"")]
    [InlineData("io.caisson.disk-size", "-1", "io.caisson.disk-size is a size such as 10G, not \"-1\"")]
    [InlineData("io.caisson.disk-size", "9999999P", "io.caisson.disk-size is a size such as 10G, not \"9999999P\"")]
    [InlineData("io.caisson.disk-inodes", "1k", "io.caisson.disk-inodes is a number from 1, not \"1k\"")]
    [InlineData("io.caisson.capabilities", "", "io.caisson.capabilities is all or spec, not \"\"")]
    [InlineData("io.caisson.unmapped", "a", "io.caisson.unmapped is paths inside separated by commas, not \"a\"")]
    [InlineData("io.caisson.mapped", "/c", "io.caisson.mapped: nothing is mounted on /c")]
    public void What_is_wrong_is_said(string annotation, string value, string message) =>
        Assert.Equal(message, Assert.Throws<UserError>(() => Read(Spec(new() { [annotation] = value }))).Message);

    [Theory]
    [InlineData("CAISSON_VEIW=off", "the variable CAISSON_VEIW is not known")]
    [InlineData("SYSBOX_HONOR_CAPS=yes", "SYSBOX_HONOR_CAPS is TRUE or FALSE, not \"yes\"")]
    public void Variables_are_checked_as_well(string variable, string message) =>
        Assert.Equal(message, Assert.Throws<UserError>(() => Read(Spec([], variable))).Message);

    [Fact]
    public void The_document_is_that_of_the_table()
    {
        StringBuilder text = new("""
            # Options of a container

            <!-- Made from src/Caisson.Containers/Options/OptionTable.cs; `CAISSON_ACCEPT=1` and the tests of Caisson.Containers write it anew. -->

            A system container needs none. One that does is given it as an annotation (`docker run --annotation`, annotations of a pod), else as a
            variable of its process (`docker run -e`), which it then sees, too. A name that is not known is an error. Plain
            containers have no options.

            | Annotation | Variable | Values | What it does | Sysbox's variable |
            | --- | --- | --- | --- | --- |

            """);
        foreach (ContainerOption option in OptionTable.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| io.caisson.{option.Name} | {option.Variable} | {option.Values} | {option.What} | {option.Sysbox?.Variable} |\n");
        }

        text.Append("\nOther variables of Sysbox's are no error, and have no effect:");
        text.AppendJoin(';', OptionTable.WithoutEffect.Select(known => $"\n{known.Variable} ({known.Reason})")).Append(".\n");
        Golden.AssertDocument("docs/options.md", text.ToString());
    }

    static ContainerOptions Read(Spec spec) => ContainerOptions.Read(spec, Assert.Fail);

    static Spec Spec(Dictionary<string, string> annotations, params string[] environment) => new()
    {
        Annotations = annotations,
        Process = new ProcessSpec { Env = environment },
        Mounts = [new MountSpec { Destination = "/a", Type = "bind" }, new MountSpec { Destination = "/b/", Type = "bind" }],
    };
}
