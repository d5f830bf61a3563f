// This file lets functions of other packages be declared without a body.
