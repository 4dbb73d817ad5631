namespace Caisson.Root.Tests.Docker;

/// <summary>Tests with an engine that their collection shares.</summary>
public abstract class EngineTests
{
    protected EngineTests(DockerEngine engine)
    {
        if (Environment.UserName != "root")
        {
            Assert.Skip("needs root: a dockerd is started");
        }

        Engine = engine;
    }

    protected DockerEngine Engine { get; }

    /// <summary>The engine of another age than this one, for containers.</summary>
    protected string OtherSuite => Engine.Suite == "sid" ? "bookworm" : "sid";

    private protected static void Eventually(Func<bool> isTrue, string what, int seconds = 20) => Harness.RootTest.Eventually(isTrue, what, seconds);
}
