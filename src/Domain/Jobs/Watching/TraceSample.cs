namespace Etl.Domain.Jobs.Watching;

/// <summary>
/// Which of a job's batches have spans: the first ones, then ever fewer, so that a page is traced whole and a job of a million batches has some
/// hundreds. Pure.
/// </summary>
public static class TraceSample
{
    /// <summary>So many batches are traced one by one; of the next nine times as many every tenth, and so on.</summary>
    public const int Dense = 100;

    /// <summary>Whether a batch is traced.</summary>
    /// <param name="number">How many batches of the job were issued before it.</param>
    public static bool Takes(long number)
    {
        var step = 1L;
        for (var reach = number; reach >= Dense; reach /= 10) step *= 10;
        return number % step == 0;
    }
}
