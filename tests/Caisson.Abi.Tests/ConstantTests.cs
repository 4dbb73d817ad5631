using Caisson.Tests;

namespace Caisson.Abi.Tests;

public sealed class ConstantTests
{
    [Fact]
    public void Constants_and_enum_members_in_the_kernels_spelling_have_the_headers_values() =>
        CCheck.AssertAll(CHeaders.All, [
            .. from field in KernelNames.Fields()
               where KernelNames.IsKernelSpelling(field.Name) && IsCheckedHere(field.Name)
               select CAssertion.Equal(field.Where, Expression(field.Name), field.Value)]);

    [Fact]
    public void Constants_within_methods_have_the_headers_values() =>
        CCheck.AssertAll(CHeaders.All, [
            .. from constant in KernelNames.InSource()
               where IsCheckedHere(constant.Name)
               select new CAssertion(constant.Where, $"({Expression(constant.Name)}) == ({constant.Text})")]);

    [Fact]
    public void Constants_that_have_names_of_ours_have_the_headers_values()
    {
        Dictionary<string, object> fields = [];
        foreach (KernelName field in KernelNames.Fields())
        {
            fields.TryAdd(field.Where, field.Value);
        }

        CCheck.AssertAll(CHeaders.All, [
            .. from entry in ConstantTable.OurNames
               where IsCheckedHere(entry.Value)
               select CAssertion.Equal(entry.Key, entry.Value, fields[entry.Key])]);
    }

    [Fact]
    public void The_tables_name_no_constant_that_is_gone()
    {
        HashSet<string> known = [.. KernelNames.Fields().SelectMany(it => new[] { it.Where, it.Name })];
        known.UnionWith(KernelNames.InSource().Select(it => it.Name));
        IEnumerable<string> listed =
            [.. ConstantTable.Expressions.Keys, .. ConstantTable.OurNames.Keys, .. ConstantTable.Unchecked.Keys];

        List<string> gone = [.. listed.Where(name => !known.Contains(name))];
        Expect.Nothing(gone);
    }

    static bool IsCheckedHere(string name) =>
        !ConstantTable.Unchecked.ContainsKey(name) && (CHeaders.IsX64 || !ConstantTable.OnlyX64.Contains(name));

    static string Expression(string name) => ConstantTable.Expressions.GetValueOrDefault(name, name);
}
