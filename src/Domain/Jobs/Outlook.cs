namespace Etl.Domain.Jobs;

/// <summary>What becomes of a job whose run ended before it, for the end of an error: no resume is promised that cannot be.</summary>
public static class Outlook
{
    /// <inheritdoc cref="Outlook" />
    public static string Of(JobSpec spec) => Of(spec.IsResumable);

    /// <inheritdoc cref="Outlook" />
    /// <param name="isResumable">As <see cref="JobSpec.IsResumable"/>.</param>
    public static string Of(bool isResumable) => isResumable
        ? "the next etl run of the same input resumes"
        : "standard input was not kept (--no-spool), so the next etl run begins anew";
}
