using System.Text;

namespace Etl.Domain.Countries;

/// <summary>
/// Reads the rows of a short CSV text (RFC 4180, or with another delimiter; LF, CRLF or CR; a BOM is dropped; blank lines are passed over). For files that a
/// person writes by hand: a fault is reported, not repaired. Large inputs have a reader of their own.
/// </summary>
internal sealed class CsvRows(string text, char delimiter = ',')
{
    /// <summary>More fields than any row has; what has more was made to exhaust a reader.</summary>
    public const int MaxFields = 5_000;

    /// <summary>Longer than any field is, in characters.</summary>
    public const int MaxLength = 100_000;

    private readonly List<string> _fields = [];
    private readonly StringBuilder _field = new();
    private int _position = text.StartsWith('\uFEFF') ? 1 : 0;
    private int _nextLine = 1;

    /// <summary>The fields of the current row.</summary>
    public IReadOnlyList<string> Fields => _fields;

    /// <summary>The one-based line on which the current row starts.</summary>
    public int Line { get; private set; }

    /// <summary>Why the reading stopped before the end; null at the end of a sound text.</summary>
    public string? Problem { get; private set; }

    /// <summary>Moves to the next row that is not blank; false at the end and at the first fault.</summary>
    public bool MoveNext()
    {
        while (_position < text.Length && Problem is null)
        {
            Line = _nextLine;
            _fields.Clear();
            while (ReadField())
            {
            }

            if (Problem is null && (_fields.Count > 1 || _fields[0].Trim().Length > 0))
                return true;
        }

        return false;
    }

    /// <summary>Reads one field and what ends it; true when the row has another.</summary>
    private bool ReadField()
    {
        if (_fields.Count == MaxFields)
        {
            Problem = $"a row has more than {MaxFields:N0} fields";
            return false;
        }

        _field.Clear();
        if (_position < text.Length && text[_position] == '"')
        {
            _position++;
            if (!ReadQuoted())
                return false;
        }
        else
        {
            while (_position < text.Length && text[_position] is not ('\r' or '\n') && text[_position] != delimiter && _field.Length <= MaxLength)
                _field.Append(text[_position++]);
            if (IsTooLong()) return false;
        }

        _fields.Add(_field.ToString());
        if (_position == text.Length)
            return false;
        if (text[_position] == delimiter)
        {
            _position++;
            return true;
        }

        if (text[_position] is '\r' or '\n')
            PassLineEnd();
        else
            Problem = "text after a closing quote";
        return false;
    }

    private bool ReadQuoted()
    {
        while (_position < text.Length && !IsTooLong())
        {
            var character = text[_position];
            if (character == '"')
            {
                _position++;
                if (_position == text.Length || text[_position] != '"')
                    return true;
                _field.Append('"');
                _position++;
            }
            else if (character is '\r' or '\n')
            {
                _field.Append('\n');
                PassLineEnd();
            }
            else
            {
                _field.Append(character);
                _position++;
            }
        }

        Problem ??= "a quoted field is not closed";
        return false;
    }

    private bool IsTooLong()
    {
        if (_field.Length > MaxLength) Problem = $"a field has more than {MaxLength:N0} characters";
        return Problem is not null;
    }

    private void PassLineEnd()
    {
        _position += text[_position] == '\r' && _position + 1 < text.Length && text[_position + 1] == '\n' ? 2 : 1;
        _nextLine++;
    }
}
