namespace Caisson.Oci.Tests.Conformance;

/// <summary>How far the runtime does what config.json asks for with a member.</summary>
enum FieldState
{
    Done,

    /// <summary>Deliberately otherwise than the specification or runc; the remark says how.</summary>
    Differs,
    NotDone,
}

/// <summary>One row: a member with all below it, as far as they have no row of their own.</summary>
/// <param name="Path">Like /mounts[]/options: [] for the elements of an array, {} for those of a map.</param>
/// <param name="State">See there.</param>
/// <param name="Remark">What a reader should know; empty where there is nothing.</param>
/// <param name="Proof">Test classes that would notice; empty only where nothing is done.</param>
sealed record FieldRow(string Path, FieldState State, string Remark, params string[] Proof);
