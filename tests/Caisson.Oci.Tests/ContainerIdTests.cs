namespace Caisson.Oci.Tests;

public sealed class ContainerIdTests
{
    [Theory]
    [InlineData("c1")]
    [InlineData("A_b+c.d-e")]
    [InlineData("...")]
    [InlineData("-")]
    public void TryParse_TakesWhatRuncTakes(string text)
    {
        Assert.True(ContainerId.TryParse(text, out ContainerId id, out _));
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData(null, "the container id is empty")]
    [InlineData("", "the container id is empty")]
    [InlineData(".", "'.' cannot be a container id")]
    [InlineData("..", "'..' cannot be a container id")]
    [InlineData("a/b", "the container id holds '/' at position 2")]
    [InlineData("a\0", "the container id holds U+0000 at position 2")]
    [InlineData("ä", "the container id holds U+00E4 at position 1")]
    public void TryParse_SaysWhatIsWrong(string? text, string message)
    {
        Assert.False(ContainerId.TryParse(text, out _, out Problem? problem));
        Assert.Equal(message, problem.Message);
        Assert.NotEmpty(problem.Remedy);
    }

    [Fact]
    public void TryParse_TakesAtMost1024Characters()
    {
        Assert.True(ContainerId.TryParse(new string('a', 1024), out _, out _));
        Assert.False(ContainerId.TryParse(new string('a', 1025), out _, out _));
    }

    [Fact]
    public void Equality_IsThatOfTheText()
    {
        Assert.True(ContainerId.TryParse("abc", out ContainerId a, out _));
        Assert.True(ContainerId.TryParse(new string("abc".ToCharArray()), out ContainerId b, out _));
        Assert.Equal(a, b);
    }
}
