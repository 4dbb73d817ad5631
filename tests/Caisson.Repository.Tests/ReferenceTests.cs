using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Caisson.Tests;

namespace Caisson.Repository.Tests;

/// <summary>The walls between assemblies: CONTRIBUTING.md tells what each may know.</summary>
public sealed class ReferenceTests
{
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Caisson.Kernel"] = [],
        ["Caisson.Oci"] = [],
        ["Caisson.Fuse"] = ["Caisson.Kernel"],
        ["Caisson.Emulation"] = ["Caisson.Kernel", "Caisson.Fuse"],
        ["Caisson.Containers"] = ["Caisson.Kernel", "Caisson.Oci"],
        ["Caisson.Machines"] = ["Caisson.Kernel", "Caisson.Oci", "Caisson.Containers"],
        ["caisson"] = ["Caisson.Kernel", "Caisson.Oci", "Caisson.Fuse", "Caisson.Emulation", "Caisson.Containers", "Caisson.Machines"],
    };

    public static TheoryData<string> Projects => [.. SourceTree.Files("src", ".csproj")];

    public static TheoryData<string> Libraries => [.. Directory.GetFiles(AppContext.BaseDirectory, "Caisson.*.dll")
        .Select(path => NameOf(path)).Where(name => !name.EndsWith(".Tests", StringComparison.Ordinal))];

    [Fact]
    public void The_four_first_projects_are_here() =>
        Assert.Superset(
            new HashSet<string> { "Caisson.Kernel", "Caisson.Oci", "Caisson.Containers", "caisson" },
            SourceTree.Files("src", ".csproj").Select(NameOf).ToHashSet());

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_its_wall_lets_through(string project)
    {
        Assert.Contains(NameOf(project), Allowed.Keys);
        IEnumerable<string> references = Elements(project, "ProjectReference").Select(it => NameOf(it.Attribute("Include")!.Value));

        Assert.Subset(Allowed[NameOf(project)].ToHashSet(), references.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_project_of_the_product_uses_a_package(string project) => Assert.Empty(Elements(project, "PackageReference"));

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_built_assembly_references_only_what_its_wall_lets_through(string name)
    {
        string[] references = ReferencesOf(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));

        Assert.Subset(Allowed[name].ToHashSet(), references.Where(it => it.StartsWith("Caisson", StringComparison.OrdinalIgnoreCase)).ToHashSet());
    }

    [Fact]
    public void The_built_assemblies_are_here() =>
        Assert.Superset(new HashSet<string> { "Caisson.Kernel", "Caisson.Oci", "Caisson.Containers" }, Libraries.Select(it => it.Data).ToHashSet());

    [Fact]
    public void Only_the_kernel_assembly_may_have_unsafe_code()
    {
        // Generated interop needs the switch, too: another assembly would have to go through Caisson.Kernel.
        string[] projects = [.. SourceTree.Files("src", "proj").Concat(SourceTree.Files("src", ".props"))
            .Where(path => File.ReadAllText(SourceTree.PathOf(path)).Contains("AllowUnsafeBlocks", StringComparison.OrdinalIgnoreCase))];

        Assert.Equal(["src/Caisson.Kernel/Caisson.Kernel.csproj"], projects);
        Assert.DoesNotContain(
            "AllowUnsafeBlocks", File.ReadAllText(SourceTree.PathOf("Directory.Build.props")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        HashSet<string> listed = [.. Elements("Caisson.slnx", "Project").Select(it => it.Attribute("Path")!.Value)];
        HashSet<string> there = [.. SourceTree.Files("src", ".csproj"), .. SourceTree.Files("tests", ".csproj")];

        Assert.Equal(there.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    static IEnumerable<XElement> Elements(string file, string name) =>
        XDocument.Load(SourceTree.PathOf(file)).Descendants(name);

    static string NameOf(string project) => Path.GetFileNameWithoutExtension(project);

    static string[] ReferencesOf(string assembly)
    {
        using PEReader image = new(File.OpenRead(assembly));
        MetadataReader metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(it => metadata.GetString(metadata.GetAssemblyReference(it).Name))];
    }
}
