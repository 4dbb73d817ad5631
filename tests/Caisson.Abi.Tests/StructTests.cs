using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Caisson.Fuse;
using Caisson.Kernel;
using Caisson.Tests;

namespace Caisson.Abi.Tests;

public sealed class StructTests
{
    const BindingFlags AllInstance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void Structs_are_laid_out_as_in_the_headers()
    {
        List<CAssertion> assertions = [];
        foreach (Type type in Structs())
        {
            if (StructTable.Checked.TryGetValue(type.Name, out CStruct? c))
            {
                assertions.AddRange(AssertionsOn(type, c));
            }
        }

        CCheck.AssertAll(CHeaders.All, assertions);
    }

    [Fact]
    public void Layouts_that_the_code_writes_as_numbers_are_those_of_the_headers() =>
        CCheck.AssertAll(CHeaders.All, StructTable.Written);

    [Fact]
    public void Every_struct_is_on_the_checked_or_on_the_unchecked_list()
    {
        List<string> onNeitherOrBoth = [.. Structs().Select(it => it.Name)
            .Where(name => StructTable.Checked.ContainsKey(name) == StructTable.Unchecked.ContainsKey(name))];

        Expect.Nothing(onNeitherOrBoth);
    }

    [Fact]
    public void The_lists_name_no_struct_that_is_gone()
    {
        HashSet<string> known = [.. Structs().Select(it => it.Name)];
        List<string> gone = [.. StructTable.Checked.Keys.Concat(StructTable.Unchecked.Keys).Where(name => !known.Contains(name))];

        Expect.Nothing(gone);
    }

    [Fact]
    public void Clone_args_have_the_size_of_Linux_5_7_which_older_kernels_take_too() =>
        Assert.Equal(88, ManagedSize(typeof(Kernel.Spawning.clone_args)));

    static IEnumerable<CAssertion> AssertionsOn(Type type, CStruct c)
    {
        string comparison = c.Extent == Extent.Whole ? "==" : ">=";
        yield return new CAssertion($"{type.Name}: size {ManagedSize(type)}", $"sizeof({c.C}) {comparison} {ManagedSize(type)}");
        foreach (FieldInfo field in type.GetFields(AllInstance))
        {
            // Padding has names that differ between versions of the headers; what follows it shows that it is right.
            string name = c.Fields?.GetValueOrDefault(field.Name) ?? field.Name;
            if (field.Name.StartsWith("__", StringComparison.Ordinal) || name.Length == 0)
            {
                continue;
            }

            int offset = (int)Marshal.OffsetOf(type, field.Name);
            yield return new CAssertion($"{type.Name}.{field.Name}: offset {offset}", $"offsetof({c.C}, {c.Prefix}{name}) == {offset}");
            if (!name.Contains('['))
            {
                int size = ManagedSize(field.FieldType);
                yield return new CAssertion($"{type.Name}.{field.Name}: size {size}", $"sizeof((({c.C} *)0)->{c.Prefix}{name}) == {size}");
            }
        }
    }

    // Structs that hold a reference, that live on the stack only or that the compiler made are never given to the kernel.
    static IEnumerable<Type> Structs() =>
        new[] { typeof(Errno).Assembly, typeof(FuseServer).Assembly }.SelectMany(it => it.GetTypes()).Where(type =>
            type is { IsValueType: true, IsEnum: false, IsByRefLike: false, IsGenericTypeDefinition: false }
            && !IsCompilerMade(type) && !HoldsReferences(type));

    static bool IsCompilerMade(Type type) =>
        type.Name.Contains('<') || (type.DeclaringType is { } outer && (outer.Name.Contains('<') || IsCompilerMade(outer)));

    static bool HoldsReferences(Type type) =>
        (bool)Call(typeof(RuntimeHelpers), nameof(RuntimeHelpers.IsReferenceOrContainsReferences), type);

    static int ManagedSize(Type type) =>
        type.IsPointer ? nint.Size : (int)Call(typeof(Unsafe), nameof(Unsafe.SizeOf), type);

    static object Call(Type holder, string method, Type argument) =>
        holder.GetMethod(method)!.MakeGenericMethod(argument).Invoke(null, null)!;
}
