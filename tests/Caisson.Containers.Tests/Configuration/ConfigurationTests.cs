using System.Globalization;
using System.Text;
using Caisson.Containers.Configuration;
using Caisson.Containers.Ids;
using Caisson.Containers.Lifecycle;
using Caisson.Oci;
using Caisson.Tests;

namespace Caisson.Containers.Tests.Configuration;

public sealed class ConfigurationTests
{
    [Fact]
    public void What_is_written_holds_and_the_rest_is_as_usual()
    {
        HostConfiguration configuration = ConfigurationReader.Parse("c", """
            {
              "$schema": "file:///usr/share/caisson/config.schema.json",
              // On the other disk.
              "data": "/srv/caisson/",
              "ids": {"start": 100000, "count": 655360},
              "options": {"ids": 131072, "disk-size": "20G"},
            }
            """);

        Places usual = new("/run/caisson", "/var/lib/caisson");
        Assert.Equal(usual with { Data = "/srv/caisson", Ids = new IdRange(100000, 655360) }, configuration.Over(usual));
        Assert.Equal(usual, HostConfiguration.Empty.Over(usual));
        Assert.Equal(
            new Dictionary<string, string> { ["io.caisson.ids"] = "131072", ["io.caisson.disk-size"] = "20G" },
            configuration.Complete(new Spec { Process = new ProcessSpec() }).Annotations);
    }

    [Fact]
    public void Options_of_the_host_are_for_containers_that_are_given_none()
    {
        HostConfiguration configuration = ConfigurationReader.Parse("c", """{"options": {"view": "off", "capabilities": "spec"}}""");
        Spec asked = new()
        {
            Annotations = new Dictionary<string, string> { ["io.caisson.view"] = "on" },
            Process = new ProcessSpec { Env = ["SYSBOX_HONOR_CAPS=FALSE"] },
        };
        Spec other = new() { Annotations = new Dictionary<string, string> { ["else"] = "1" }, Process = new ProcessSpec { Env = ["CAISSON_VIEW=on"] } };

        Assert.Same(asked, configuration.Complete(asked));
        Assert.Equal(new Dictionary<string, string> { ["else"] = "1", ["io.caisson.capabilities"] = "spec" }, configuration.Complete(other).Annotations);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once_with_its_place()
    {
        SpecException failure = Assert.Throws<SpecException>(() => ConfigurationReader.Parse("/etc/c", """
            {"data": "relative", "ids": {"start": 5}, "options": {"view": "maybe", "mapped": "/a"}, "optoins": {}, "a/b": 1}
            """));

        Assert.Equal("/etc/c", failure.Document);
        Assert.Equal(
            [
                "/data: expected an absolute path, found \"relative\" (write it so, or leave it out)",
                "/options/mapped: is not known (known here: view, ids, capabilities, disk-size, disk-inodes)",
                "/optoins: is not known (known here: data, ids, options)",
                "/a~1b: is not known (known here: data, ids, options)",
                "/ids: has only one of start and count (give both, or none)",
                "/options/view: is on or off, not \"maybe\" (write it so, or leave it out)",
            ],
            failure.Problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData("", "document: line 1, byte 1 is no JSON (see docs/configuration.md)")]
    [InlineData("[]", "document: expected an object, found a list (see docs/configuration.md)")]
    [InlineData("""{"ids": 3}""", "/ids: expected an object, found 3 (see docs/configuration.md)")]
    [InlineData("""{"ids": {"start": 3, "count": 70000}}""", "/ids: start and count are numbers from 65536 (lower ids belong to the host's users)")]
    [InlineData("""{"ids": {"start": 70000, "count": 4294960000}}""", "/ids: ends above 4294967295 (give less)")]
    [InlineData("""{"ids": {"start": -1, "count": 70000}}""", "/ids/start: expected a number from 65536, found -1 (write it so, or leave it out)")]
    [InlineData("""{"ids.start": 70000}""", "/ids.start: is not known (known here: data, ids, options)")]
    [InlineData("""{"data": "/\ud800"}""", "document: it has a string with half of a surrogate pair (correct it)")]
    [InlineData("""{"\ud800": 1}""", "document: it has a string with half of a surrogate pair (correct it)")]
    [InlineData("""{"data": "/a\u0000b"}""", "/data: expected an absolute path, found \"/a\0b\" (write it so, or leave it out)")]
    public void One_thing_wrong_is_one_problem(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<SpecException>(() => ConfigurationReader.Parse("c", text)).Problems.Select(it => it.ToString()));

    [Fact]
    public void The_document_is_that_of_the_table()
    {
        StringBuilder text = new("""
            # Configuration of a host

            <!-- Made from src/Caisson.Containers/Configuration/ConfigurationTable.cs; `CAISSON_ACCEPT=1` and the tests of Caisson.Containers write it anew. -->

            Caisson needs none. What should hold for all containers of a host stands in `/etc/caisson/config.json` (another file: `caisson --config
            FILE`, for an engine as its runtime's argument). It is read whenever a container is made, so a change holds for the next one, and
            those that run keep what they have. Comments and commas at the end are fine.

                {
                  "data": "/srv/caisson",
                  "ids": {"start": 1000000, "count": 6553600},
                  "options": {"disk-size": "20G"}
                }

            `caisson config check` tells all that is wrong with it, `caisson config show` what holds and where it comes from, and `caisson config
            schema` prints a JSON schema for editors. With a file that has a mistake no container is made; those that run can be stopped and
            deleted.

            | Key | Values | Default | What |
            | --- | --- | --- | --- |

            """);
        foreach (ConfigurationKey key in ConfigurationTable.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {key.Name} | {key.Values} | {key.Default} | {key.What} |\n");
        }

        Golden.AssertDocument("docs/configuration.md", text.ToString());
    }
}
