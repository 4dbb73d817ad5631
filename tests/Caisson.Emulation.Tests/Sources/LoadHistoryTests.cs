using Caisson.Emulation.Sources;

namespace Caisson.Emulation.Tests.Sources;

public sealed class LoadHistoryTests
{
    const long Second = 1_000_000_000;

    [Fact]
    public void Two_busy_tasks_are_a_load_that_grows_towards_two()
    {
        LoadHistory load = new();
        LoadAverages averages = default;
        for (int age = 5; age <= 600; age += 5)
        {
            averages = load.Update(age * Second, 2 * age * Second);
        }

        Assert.InRange(averages.Load1, 1.99 * LoadHistory.Scale, 2 * LoadHistory.Scale);
        Assert.InRange(averages.Load5, 1.7 * LoadHistory.Scale, 1.8 * LoadHistory.Scale);
        Assert.InRange(averages.Load15, 0.9 * LoadHistory.Scale, 1.0 * LoadHistory.Scale);
        Assert.Equal(2, averages.Running);
    }

    [Fact]
    public void How_often_somebody_looks_changes_nothing()
    {
        LoadHistory often = new();
        LoadHistory once = new();
        for (int age = 1; age <= 300; age++)
        {
            often.Update(age * Second, age * Second / 2);
        }

        LoadAverages one = often.Update(300 * Second, 150 * Second);
        LoadAverages other = once.Update(300 * Second, 150 * Second);
        Assert.InRange(one.Load1 - other.Load1, -10, 10);
        Assert.InRange(one.Load15 - other.Load15, -10, 10);
    }

    [Fact]
    public void Within_a_second_nothing_new_is_reckoned()
    {
        LoadHistory load = new();
        LoadAverages before = load.Update(60 * Second, 60 * Second);

        Assert.Equal(before, load.Update((60 * Second) + (Second / 2), 70 * Second));
    }

    [Fact]
    public void Time_that_is_taken_back_is_none()
    {
        LoadHistory load = new();
        load.Update(60 * Second, 600 * Second);

        Assert.Equal(0, load.Update(120 * Second, 0).Running);
        Assert.Equal(0, new LoadHistory().Update(0, 0).Load1);
        Assert.Equal(0, new LoadHistory().Update(-5, 0).Load1);
    }
}
