using System.Reflection;
using System.Text.RegularExpressions;
using Caisson.Containers;
using Caisson.Fuse;
using Caisson.Kernel;
using Caisson.Tests;

namespace Caisson.Abi.Tests;

/// <summary>A constant of ours that is spelled as in the kernel's headers.</summary>
/// <param name="Where">Type and name, or file and name for a constant within a method.</param>
/// <param name="Name">As the headers have it.</param>
/// <param name="Value">A number of some type.</param>
readonly record struct KernelName(string Where, string Name, object Value);

/// <summary>Collects constants by their spelling: all capitals is the kernel's, anything else is ours.</summary>
static partial class KernelNames
{
    const BindingFlags AllStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    static readonly Assembly[] Assemblies = [typeof(Errno).Assembly, typeof(FuseServer).Assembly, typeof(ContainerException).Assembly];

    /// <summary>Constants and members of enums, whatever their spelling, by <c>Type.Name</c>.</summary>
    public static IEnumerable<KernelName> Fields() =>
        from assembly in Assemblies
        from type in assembly.GetTypes()
        from field in type.GetFields(AllStatic)
        where field.IsLiteral && field.GetRawConstantValue() is ValueType and not bool and not char
        select new KernelName($"{type.Name}.{field.Name}", field.Name, field.GetRawConstantValue()!);

    public static bool IsKernelSpelling(string name) => AllCapitals().IsMatch(name);

    /// <summary>
    /// Constants in the source, to which reflection is blind where they stand within a method. The text of the value is C as
    /// well as C#.
    /// </summary>
    public static IEnumerable<(string Where, string Name, string Text)> InSource() =>
        from path in SourceTree.Files("src", ".cs")
        from Match match in Constant().Matches(File.ReadAllText(SourceTree.PathOf(path)))
        select ($"{path}: {match.Groups["name"].Value}", match.Groups["name"].Value, match.Groups["text"].Value);

    [GeneratedRegex("^_*[A-Z][A-Z0-9_]{2,}$")]
    private static partial Regex AllCapitals();

    [GeneratedRegex(@"\bconst\s+(?!string\b)\w+\s+(?<name>_*[A-Z][A-Z0-9_]{2,})\s*=\s*(?<text>[^;""]+);")]
    private static partial Regex Constant();
}
