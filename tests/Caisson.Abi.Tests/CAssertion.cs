namespace Caisson.Abi.Tests;

/// <summary>Something that must be true for the C compiler.</summary>
/// <param name="Name">What a failure is reported as: ours, in C#.</param>
/// <param name="Condition">A constant expression in C.</param>
readonly record struct CAssertion(string Name, string Condition)
{
    /// <summary>A C expression has the value that a C# constant of this type has.</summary>
    public static CAssertion Equal(string name, string expression, object value)
    {
        // A 32-bit C# constant stands for 32 bits: C may have them as int or unsigned, so that either reading is right.
        return value switch
        {
            ulong number => new(name, $"(unsigned long long)({expression}) == {number}ull"),
            long number => new(name, $"(long long)({expression}) == {number}ll"),
            nint number => new(name, $"(long long)({expression}) == {(long)number}ll"),
            nuint number => new(name, $"(unsigned long long)({expression}) == {(ulong)number}ull"),
            _ => Equal32(name, expression, Convert.ToInt64(value)),
        };
    }

    static CAssertion Equal32(string name, string expression, long value) =>
        new(name, $"(long long)({expression}) == {(int)value}ll || (long long)({expression}) == {(uint)value}ll");
}
