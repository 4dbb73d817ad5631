namespace Caisson.Fuse.Protocol;

/// <summary>What there is to know about one kind of request.</summary>
/// <param name="Number">Number and name.</param>
/// <param name="InputSize">Of the struct that it begins with; a shorter one is EINVAL.</param>
/// <param name="Handler">What is done about it.</param>
sealed record OpcodeEntry(Opcode Number, int InputSize, Handler Handler)
{
    /// <summary>The kernel does not wait for an answer and would refuse one.</summary>
    public bool HasNoAnswer { get; init; }
}
