namespace Caisson.Emulation.Text;

/// <summary>The words of a line, which spaces and tabs separate.</summary>
ref struct Words(ReadOnlySpan<byte> line)
{
    ReadOnlySpan<byte> _rest = line;

    /// <summary>Empty after the last.</summary>
    public ReadOnlySpan<byte> Next()
    {
        ReadOnlySpan<byte> rest = _rest.TrimStart(" \t"u8);
        int end = rest.IndexOfAny((byte)' ', (byte)'\t');
        ReadOnlySpan<byte> word = end < 0 ? rest : rest[..end];
        _rest = rest[word.Length..];
        return word;
    }

    /// <summary>0 for what is no number.</summary>
    public long NextNumber() => Number.ParseOr(0, Next());
}
